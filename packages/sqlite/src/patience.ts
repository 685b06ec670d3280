import { StorageError } from "@x/entitlements-core/errors";

/** How long migrating and inspecting, which have no deadline of their own, may wait for other writers. */
const PATIENCE_MS = 30_000;

/** Runs `work` with a signal that is aborted when it has waited for too long. */
export async function patiently<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  const timer = setTimeout(() => {
    patience.abort(
      new StorageError(
        `The database could not be had for ${PATIENCE_MS / 1000} s: others write, or this takes long. Nothing was changed; try again.`,
        {
          outcome: "rolled-back",
        },
      ),
    );
  }, PATIENCE_MS);
  try {
    return await work(patience.signal);
  } finally {
    clearTimeout(timer);
  }
}
