import { type ReactElement, useId } from "react";
import { lanesOf, latencyAt } from "./outcomes.ts";
import { DOORS, type Race } from "./race.ts";
import { RaceChart } from "./race-chart.tsx";
import { RaceTable } from "./race-table.tsx";

export interface RaceResultProps {
  readonly race: Race;
  /** The same for races side by side, so that they can be compared. */
  readonly axisEndMs: number;
}

export function RaceResult({ race, axisEndMs }: RaceResultProps): ReactElement {
  const { protection, granted, refused, other, overshoot, limit, after } = race;
  const titleId = useId();
  const lanes = lanesOf(race);
  return (
    <section className="card race" aria-labelledby={titleId}>
      <div className="card-header">
        <h2 id={titleId}>{protection ? "With protection" : "Without protection"}</h2>
        <span className="badge" data-tone={overshoot > 0 ? "bad" : "good"}>
          {overshoot > 0 ? `${overshoot} too many` : "Exact"}
        </span>
      </div>
      <dl className="scores">
        <Score name="granted" value={granted} tone={overshoot > 0 ? "bad" : "good"} />
        <Score name="refused" value={refused} />
        <Score name="overshoot" value={overshoot} tone={overshoot > 0 ? "bad" : "good"} />
        {other > 0 && <Score name="failed" value={other} tone="warn" />}
      </dl>
      <p className="muted verdict">{verdict(race)}</p>
      <RaceChart lanes={lanes} axisEndMs={axisEndMs} />
      <p className="muted small number">
        {after} of {limit} in use afterwards. Latency: half within {ms(latencyAt(0.5, race))}, all within{" "}
        {ms(latencyAt(1, race))}.
      </p>
      <RaceTable lanes={lanes} caption={protection ? "With protection" : "Without protection"} />
    </section>
  );
}

function Score({
  name,
  value,
  tone,
}: {
  readonly name: string;
  readonly value: number;
  readonly tone?: string;
}): ReactElement {
  return (
    <div data-tone={tone}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function verdict({ door, granted, overshoot, before, limit }: Race): string {
  const free = limit - before;
  const unit = Object.entries(DOORS).find(([name]) => name === door)?.[1].unit ?? "unit";
  const was = `${free} ${unit} was free`;
  if (overshoot > 0) return `${was}, and ${granted} clients got it: each had counted before the others had written.`;
  return granted === free ? `${was}, and one client got it.` : `${was}, and ${granted} clients got it.`;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
