import { type ReactElement, useState } from "react";
import { ApiError, failureText } from "../api/request.ts";
import { useAction } from "../api/use-action.ts";
import { Empty } from "../elements/states.tsx";
import { Page } from "../navigation/page.tsx";
import { useOrganisation } from "../organisations/organisation.ts";
import { axisEnd } from "./outcomes.ts";
import { type Race, runRace } from "./race.ts";
import { RaceForm, type RaceSetup } from "./race-form.tsx";
import { RaceResult } from "./race-result.tsx";

export function RaceLabPage(): ReactElement {
  const { id, name } = useOrganisation();
  const [races, setRaces] = useState<readonly Race[]>([]);
  const { run, isPending, error } = useAction(async ({ door, clients, protections }: RaceSetup) => {
    setRaces([]);
    // One after the other, so that they do not slow each other down.
    for (const protection of protections) {
      const race = await runRace(id, { door, clients, protection });
      setRaces((before) => [...before, race]);
    }
  });
  const end = axisEnd(races);
  return (
    <Page
      title="Race lab"
      of={name}
      width="wide"
      description="One unit is left, and many clients want it in the same moment: real requests to this server, about scratch data that is thrown away afterwards."
    >
      <RaceForm isPending={isPending} onRun={(setup) => void run(setup)} />
      <div role="alert" className="failure">
        {error ? raceFailure(error) : null}
      </div>
      <div className="visually-hidden" role="status">
        {isPending ? "The race is on." : races.map(summary).join(" ")}
      </div>
      {races.length === 0 && (
        <div className="card">
          {isPending ? (
            <Empty icon="race" title="The race is on" />
          ) : (
            <Empty icon="race" title="No race yet">
              <p>Run one: without protection several clients get what only one may have.</p>
            </Empty>
          )}
        </div>
      )}
      <div className="races">
        {races.map((race) => (
          <RaceResult key={String(race.protection)} race={race} axisEndMs={end} />
        ))}
      </div>
    </Page>
  );
}

function raceFailure(error: unknown): string {
  if (error instanceof ApiError && error.status === 409)
    return "A race of this organisation is under way. Try again in a moment.";
  return failureText(error);
}

function summary({ protection, granted, refused, overshoot }: Race): string {
  return `${protection ? "With" : "Without"} protection: ${granted} granted, ${refused} refused, ${overshoot} over the limit.`;
}
