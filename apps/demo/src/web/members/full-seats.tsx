import { useSeats } from "@x/entitlements-react";
import type { ReactElement } from "react";
import { Link } from "react-router";
import { seats } from "../../seats.ts";
import { alternatives } from "../locale.ts";
import { useOrganisation } from "../organisations/organisation.ts";

/** Says once for the whole table why roles cannot be chosen in it. */
export function FullSeats(): ReactElement | null {
  const { id } = useOrganisation();
  const { buckets } = useSeats(seats);
  const full = buckets.filter(({ reason }) => reason === "limit" || reason === "blocked");
  if (full.length === 0) return null;
  return (
    <div className="notice" data-tone="warning">
      <div>
        {full.map(({ bucket, label, roles, current, limit }) => (
          <p key={bucket}>
            <span className="notice-title">
              {label ?? bucket} are full ({current} of {limit}).
            </span>{" "}
            Nobody else can become {alternatives.format(roles)}.
          </p>
        ))}
      </div>
      <Link to={`/${id}/billing`}>See usage</Link>
    </div>
  );
}
