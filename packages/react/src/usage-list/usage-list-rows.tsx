import type { ReactElement } from "react";
import type { TextProps } from "../i18n/use-text.ts";
import { UsageBar } from "../usage-bar/usage-bar.tsx";
import type { UsageRow } from "./arrange.ts";
import type { UsageListSlotProps } from "./slots.ts";

export interface UsageListRowsProps {
  /** A number: that many rows of a skeleton. */
  readonly rows: readonly UsageRow[] | number;
  readonly labelledBy: string | undefined;
  readonly onRetry: () => void;
  readonly text: TextProps;
  readonly slotProps: UsageListSlotProps;
}

export function UsageListRows({ rows, labelledBy, onRetry, text, slotProps }: UsageListRowsProps): ReactElement {
  const bar = { ...text, slotProps: slotProps.bar };
  return (
    <ul
      // biome-ignore lint/a11y/noRedundantRoles: Safari takes the list away from a list without bullets.
      role="list"
      aria-labelledby={labelledBy}
      {...slotProps.items}
      data-slot="usage-list-items"
      data-status={typeof rows === "number" ? "loading" : "ready"}
    >
      {typeof rows === "number"
        ? Array.from(Array(rows).keys(), (key) => (
            <li key={key} {...slotProps.item} data-slot="usage-list-item" data-status="loading">
              <UsageBar {...bar} label="" status="loading" />
            </li>
          ))
        : rows.map(({ resourceType, label, usage }) => (
            <li
              key={resourceType}
              {...slotProps.item}
              data-slot="usage-list-item"
              data-status={usage?.status ?? "error"}
            >
              <UsageBar
                {...bar}
                onRetry={onRetry}
                status={usage?.status ?? "error"}
                label={label}
                limit={usage?.limit}
                current={usage?.current}
                reserved={usage?.reserved}
                resetsAt={usage?.resetsAt}
                kind={usage?.kind}
              />
            </li>
          ))}
    </ul>
  );
}
