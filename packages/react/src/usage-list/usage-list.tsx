"use client";

import { type ForwardedRef, Fragment, type ReactNode, useId } from "react";
import { english } from "../i18n/english.ts";
import { type TextProps, useText } from "../i18n/use-text.ts";
import { ListMessage } from "../list-message.tsx";
import { useEntitlementsContext } from "../provider/context.ts";
import { type SourceProps, takingSource } from "../provider/taking-source.tsx";
import type { RootProps } from "../root-props.ts";
import { arrange, type UsageRow, type UsageSort } from "./arrange.ts";
import type { UsageListSlotProps } from "./slots.ts";
import { UsageListRows } from "./usage-list-rows.tsx";

export type { UsageRow, UsageSort } from "./arrange.ts";
export type { UsageListSlotProps } from "./slots.ts";

export interface UsageListProps extends RootProps, TextProps, SourceProps {
  /** The heading; null leaves it out: name the list with `aria-label` then. */
  readonly heading?: ReactNode;
  readonly sort?: UsageSort | undefined;
  /** Groups by the part of the resource types before the colon. */
  readonly grouped?: boolean | undefined;
  /** Which rows to show; all unless given. */
  readonly filter?: ((row: UsageRow) => boolean) | undefined;
  /** 3 unless told otherwise. Give the number of rows you expect, so that nothing moves when they arrive. */
  readonly skeletonRows?: number | undefined;
  readonly slotProps?: UsageListSlotProps | undefined;
}

/** The usage of the organisation on screen, a bar for each resource. An error is shown as one, never as "no limits". */
export const UsageList = takingSource(function UsageList(
  {
    heading,
    sort = "server",
    grouped = false,
    filter,
    skeletonRows = 3,
    slotProps = {},
    locale,
    messages: own,
    ...root
  }: UsageListProps,
  ref: ForwardedRef<HTMLElement>,
) {
  const { state, scope, refresh } = useEntitlementsContext();
  const { messages, format } = useText(english, { locale, messages: own });
  const titleId = useId();
  const title = heading === undefined ? messages.usageTitle() : heading;
  const titled = title === null ? undefined : titleId;
  const onRetry = () => void refresh();
  const parts = { slotProps, onRetry, text: { locale, messages: own } };
  const message = { of: "usage-list", retry: messages.retry(), onRetry, slotProps };
  const groups =
    state.status === "ready"
      ? arrange(state.entitlements, state.unreadable, { sort, grouped, filter, locale: format.locale })
      : [];
  return (
    <section
      aria-labelledby={titled}
      {...root}
      ref={ref}
      data-slot="usage-list"
      data-status={state.status}
      aria-busy={state.status === "loading"}
    >
      {title !== null && (
        <h2 {...slotProps.title} id={titleId} data-slot="usage-list-title" data-status={state.status}>
          {title}
        </h2>
      )}
      {/* Keyed, so that nothing that a row remembers passes to another organisation. */}
      <Fragment key={scope}>
        {state.status === "loading" && <UsageListRows {...parts} rows={skeletonRows} labelledBy={titled} />}
        {state.status === "error" && <ListMessage {...message} status="error" text={messages.error()} />}
        {state.isStale && <ListMessage {...message} status="stale" text={messages.refreshFailed()} />}
        {state.status === "ready" && groups.length === 0 && (
          <ListMessage {...message} status="empty" text={messages.empty()} hint={messages.emptyHint()} />
        )}
        {groups.map(({ category, rows }) => {
          const groupId = `${titleId}${category}`;
          return (
            <Fragment key={category}>
              {category !== null && (
                <h3
                  {...slotProps.groupTitle}
                  id={groupId}
                  data-slot="usage-list-group-title"
                  data-status={state.status}
                >
                  {messages.group({ category }, format)}
                </h3>
              )}
              <UsageListRows {...parts} rows={rows} labelledBy={category === null ? titled : groupId} />
            </Fragment>
          );
        })}
      </Fragment>
    </section>
  );
});
