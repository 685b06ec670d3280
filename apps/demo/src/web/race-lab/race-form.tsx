import { type FormEvent, type ReactElement, useId, useState } from "react";
import { Button } from "../elements/button.tsx";
import { DOORS, type Door } from "./race.ts";

const MODES = {
  both: { name: "Compare both", protections: [false, true] },
  on: { name: "On", protections: [true] },
  off: { name: "Off", protections: [false] },
} as const;

type Mode = keyof typeof MODES;

export interface RaceSetup {
  readonly door: Door;
  readonly clients: number;
  /** The runs, one after the other: with or without protection. */
  readonly protections: readonly boolean[];
}

export interface RaceFormProps {
  readonly isPending: boolean;
  readonly onRun: (setup: RaceSetup) => void;
}

const DOOR_NAMES: readonly Door[] = ["project", "invite", "accept", "promote", "api-key"];
const MODE_NAMES: readonly Mode[] = ["both", "on", "off"];

export function RaceForm({ isPending, onRun }: RaceFormProps): ReactElement {
  const id = useId();
  const [door, setDoor] = useState<Door>("project");
  const [clients, setClients] = useState(20);
  const [mode, setMode] = useState<Mode>("both");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun({ door, clients, protections: MODES[mode].protections });
  };
  return (
    <form className="card race-form" onSubmit={submit}>
      <fieldset className="field">
        <legend>Door</legend>
        <div className="choices">
          {DOOR_NAMES.map((each) => (
            <label key={each}>
              <input type="radio" name={`${id}door`} checked={each === door} onChange={() => setDoor(each)} />
              {DOORS[each].name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="field">
        <legend>Protection</legend>
        <div className="choices">
          {MODE_NAMES.map((each) => (
            <label key={each}>
              <input type="radio" name={`${id}mode`} checked={each === mode} onChange={() => setMode(each)} />
              {MODES[each].name}
            </label>
          ))}
        </div>
        <p className="muted small">Off: count, then insert, as two statements without a lock.</p>
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}clients`}>
          Clients: <output htmlFor={`${id}clients`}>{clients}</output>
        </label>
        <input
          id={`${id}clients`}
          className="range"
          type="range"
          min={2}
          max={50}
          value={clients}
          onChange={(event) => setClients(event.target.valueAsNumber)}
        />
      </div>
      <div className="row">
        <Button type="submit" kind="primary" isPending={isPending}>
          {isPending ? "Racing…" : "Run the race"}
        </Button>
      </div>
    </form>
  );
}
