import type { ReactElement } from "react";
import { type Lane, OUTCOMES } from "./outcomes.ts";

export interface RaceChartProps {
  readonly lanes: readonly Lane[];
  readonly axisEndMs: number;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** One line a request, from when it was sent to when it was answered. The table below it says the same in words. */
export function RaceChart({ lanes, axisEndMs }: RaceChartProps): ReactElement {
  const at = (ms: number) => `${(100 * ms) / axisEndMs}%`;
  return (
    <figure className="chart" aria-hidden="true" data-density={lanes.length > 24 ? "high" : "low"}>
      <div className="chart-axis">
        {TICKS.map((tick) => (
          <span key={tick} style={{ insetInlineStart: `${tick * 100}%` }}>
            {Number((tick * axisEndMs).toPrecision(3))}
            {tick === 1 && " ms"}
          </span>
        ))}
      </div>
      <ol>
        {lanes.map(({ outcome, startedMs, endedMs }, index) => (
          <li key={index} data-outcome={outcome}>
            <span className="chart-track">
              <span style={{ insetInlineStart: at(startedMs), inlineSize: at(endedMs - startedMs) }} />
            </span>
            <span className="chart-label">{OUTCOMES[outcome]}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}
