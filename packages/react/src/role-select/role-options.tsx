import { Content, Group, Item, ItemIndicator, ItemText, Label, Portal, Viewport } from "@radix-ui/react-select";
import { getNonce } from "get-nonce";
import type { ReactElement } from "react";
import { Icon } from "../icon.tsx";
import type { RoleSelectSlotProps } from "./slots.ts";

const tick = "M3.5 8.5l3 3 6-7";

/** A kind of seat in the list: its name, what is free, and its roles. */
interface RoleGroup {
  readonly bucket: string;
  readonly label: string;
  /** "3 free" or "Full"; null where there is nothing to say. */
  readonly room: string | null;
  readonly options: readonly { readonly role: string; readonly name: string; readonly disabled: boolean }[];
}

export interface RoleOptionsProps {
  readonly groups: readonly RoleGroup[];
  readonly container: HTMLElement | undefined;
  readonly slotProps: RoleSelectSlotProps;
}

/** The list. In place unless given a container, so that it has the theme and direction of the page and lies above a dialog. */
export function RoleOptions({ groups, container, slotProps }: RoleOptionsProps): ReactElement {
  const list = (
    // Radix would set a direction of its own.
    <Content
      position="popper"
      sideOffset={4}
      collisionPadding={8}
      dir={undefined}
      {...slotProps.list}
      data-slot="role-select-list"
      data-status="ready"
    >
      <Viewport nonce={getNonce()}>
        {groups.map(({ bucket, label, room, options }) => (
          <Group key={bucket} data-slot="role-select-group">
            <Label data-slot="role-select-group-label">
              <bdi>{label}</bdi>
              {room !== null && <bdi>{room}</bdi>}
            </Label>
            {options.map(({ role, name, disabled }) => (
              <Item
                key={role}
                value={role}
                disabled={disabled}
                {...slotProps.option}
                data-slot="role-select-option"
                data-status={disabled ? "blocked" : "ok"}
              >
                <ItemText>{name}</ItemText>
                <ItemIndicator>
                  <Icon path={tick} />
                </ItemIndicator>
              </Item>
            ))}
          </Group>
        ))}
      </Viewport>
    </Content>
  );
  return container === undefined ? list : <Portal container={container}>{list}</Portal>;
}
