import { useEffect, useRef, useState } from "react";
import type { Denial } from "../data/denial.ts";
import { failureIn } from "../data/failure.ts";
import { settle, useEnforcedMutation } from "../hooks/use-enforced-mutation.ts";
import { idOf } from "./lines.ts";

/** How far one address is. `text` is the host's own word on a failure. */
export interface Sending {
  readonly status: "sending" | "sent" | "failed" | "full";
  readonly text?: string | null | undefined;
}

interface Sent {
  readonly sent: readonly string[];
  readonly failed: number;
}

export interface SendingState {
  /** By `idOf` the address. */
  readonly results: ReadonlyMap<string, Sending>;
  /** The results that the numbers of seats include. */
  readonly counted: ReadonlyMap<string, Sending>;
  /** Whether seats are being taken that the numbers do not include yet. */
  readonly isCounting: boolean;
  readonly isPending: boolean;
  readonly limitError: Denial | null;
  /** Sends one after the other; null where the organisation has changed. */
  readonly send: (emails: readonly string[], role: string) => Promise<Sent | null>;
  /** Also of the address that was refused: for another role there may be a seat. */
  readonly forgetDenial: () => void;
  /** For a new list of addresses: one that was sent before may have been taken back since. */
  readonly forgetResults: () => void;
}

const NOTHING: ReadonlyMap<string, Sending> = new Map();

/** How long numbers are waited for that may never come. The server decides in any case. */
const PATIENCE_MS = 10_000;

type Invite = (email: string, role: string) => Promise<unknown>;
type Describe = (error: unknown) => string | null | undefined;

/**
 * One address after the other, in the order typed, until a seat is refused: then it is clear which got one. Side by side they
 * would race for the last seat, and the server would decide them one by one anyway.
 */
export function useSending(invite: Invite, describe: Describe | undefined): SendingState {
  const [results, setResults] = useState(NOTHING);
  // Those of a batch come into the numbers when they are fetched after it: until then the arithmetic stays as it was.
  const [before, setBefore] = useState<ReadonlyMap<string, Sending> | null>(null);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const { run, isPending, limitError, reset } = useEnforcedMutation(
    async (emails: readonly string[], role: string, done: { sent: string[]; failed: number }) => {
      const sent = new Map([...results].filter(([, result]) => result.status === "sent"));
      setBefore(sent);
      setResults(sent);
      for (const email of emails) {
        // Nobody would see what becomes of the rest, and another organisation may be on screen.
        if (isGone.current) return;
        const note = (status: Sending["status"], text?: string | null) =>
          setResults((before) => new Map(before).set(idOf(email), { status, text }));
        note("sending");
        const outcome = await settle(() => invite(email, role));
        if (outcome.status === "denied") {
          note("full");
          throw outcome.limitError;
        }
        const failure = outcome.status === "failed" ? outcome : failureIn(outcome.data);
        if (failure) {
          done.failed += 1;
          note("failed", describe?.(failure.error));
        } else {
          done.sent.push(email);
          note("sent");
        }
      }
    },
    () => setBefore(null),
  );

  useEffect(() => {
    if (before === null || isPending) return;
    const timer = setTimeout(setBefore, PATIENCE_MS, null);
    return () => clearTimeout(timer);
  }, [before, isPending]);

  const send = async (emails: readonly string[], role: string): Promise<Sent | null> => {
    const done: { sent: string[]; failed: number } = { sent: [], failed: 0 };
    const { status } = await run(emails, role, done);
    return status === "dropped" ? null : done;
  };

  const forgetDenial = () => {
    reset();
    setResults((results) => new Map([...results].filter(([, result]) => result.status !== "full")));
  };
  const forgetResults = () => setResults(NOTHING);
  return {
    results,
    isPending,
    counted: before ?? results,
    isCounting: before !== null,
    limitError,
    send,
    forgetDenial,
    forgetResults,
  };
}
