import type { ReactElement } from "react";
import { type Lane, OUTCOMES } from "./outcomes.ts";

export interface RaceTableProps {
  readonly lanes: readonly Lane[];
  readonly caption: string;
}

export function RaceTable({ lanes, caption }: RaceTableProps): ReactElement {
  return (
    <details className="race-details">
      <summary>Every request as a table</summary>

      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Answered</th>
            <th scope="col">Outcome</th>
            <th scope="col" data-align="end">
              HTTP
            </th>
            <th scope="col" data-align="end">
              Sent at
            </th>
            <th scope="col" data-align="end">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ outcome, status, startedMs, endedMs }, index) => (
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              <td>{OUTCOMES[outcome]}</td>
              <td data-align="end">{status}</td>
              <td data-align="end">{startedMs.toFixed(1)} ms</td>
              <td data-align="end">{(endedMs - startedMs).toFixed(1)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
