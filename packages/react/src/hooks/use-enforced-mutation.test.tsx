import { act, waitFor } from "@testing-library/react";
import type { UsageResponse } from "@x/entitlements-core/wire";
import { expect, test, vi } from "vitest";
import { limitProblem } from "../fixtures/problems.ts";
import { renderHookUnder } from "../fixtures/render.tsx";
import { response, row } from "../fixtures/usage.ts";
import { useEnforcedMutation } from "./use-enforced-mutation.ts";
import { useEntitlements } from "./use-entitlements.ts";

const usage = response("acme", row({ resourceType: "quota:project", limit: 5, current: 5 }));

async function mutation<Args extends readonly unknown[], Result>(fn: (...args: Args) => Promise<Result>) {
  const fetcher = vi.fn(async () => usage);
  const onEvent = vi.fn();
  const { result } = renderHookUnder({ fetcher, onEvent }, () => ({
    ...useEnforcedMutation(fn),
    usage: useEntitlements(),
  }));
  await waitFor(() => expect(result.current.usage.status).toBe("ready"));
  fetcher.mockClear();
  return { result, fetcher, onEvent };
}

const refused = async () => new Response(JSON.stringify(limitProblem), { status: 402 });

test("a refusal becomes limitError, the usage is fetched once more, and nothing is repeated", async () => {
  const create = vi.fn(refused);
  const { result, fetcher, onEvent } = await mutation(create);
  const outcome = await act(() => result.current.run());
  expect(outcome.status).toBe("denied");
  expect(result.current).toMatchObject({
    limitError: { kind: "limit", current: 5, limit: 5 },
    error: null,
    isPending: false,
  });
  expect(fetcher).toHaveBeenCalledOnce();
  expect(create).toHaveBeenCalledOnce();
  expect(onEvent.mock.calls).toEqual([[{ type: "limit-reached", orgId: "acme", denial: result.current.limitError }]]);
});

test("a refusal that is thrown is the same refusal", async () => {
  const { result } = await mutation(() => Promise.reject(Object.assign(new Error("402"), { body: limitProblem })));
  await act(() => result.current.run());
  expect(result.current.limitError).toMatchObject({ resourceType: "quota:project" });
});

test("what the call was given is what it gets, and its result comes back", async () => {
  const { result, fetcher } = await mutation(async (name: string, size: number) => ({ name, size }));
  const outcome = await act(() => result.current.run("Atlas", 3));
  expect(outcome).toEqual({ status: "done", data: { name: "Atlas", size: 3 } });
  expect(result.current).toMatchObject({ data: { name: "Atlas", size: 3 }, limitError: null, error: null });
  expect(fetcher).toHaveBeenCalledOnce();
});

test("another failure is an error, and no message about a limit", async () => {
  const failure = new Error("offline");
  const { result, fetcher } = await mutation(() => Promise.reject(failure));
  const outcome = await act(() => result.current.run());
  expect(outcome).toEqual({ status: "failed", error: failure });
  expect(result.current).toMatchObject({ error: failure, limitError: null });
  expect(fetcher).not.toHaveBeenCalled();
});

test("a call that throws before it begins fails like any other", async () => {
  const { result } = await mutation((): Promise<string> => {
    throw new Error("no such form");
  });
  await expect(act(() => result.current.run())).resolves.toMatchObject({ status: "failed" });
});

test("three clicks are one call", async () => {
  let finish: (value: string) => void = () => {};
  const create = vi.fn(() => new Promise<string>((resolve) => (finish = resolve)));
  const { result } = await mutation(create);
  let outcomes: Promise<unknown>[] = [];
  await act(async () => {
    outcomes = [result.current.run(), result.current.run(), result.current.run()];
  });
  expect(result.current.isPending).toBe(true);
  await act(async () => finish("made"));
  expect(create).toHaveBeenCalledOnce();
  expect(await Promise.all(outcomes)).toEqual(Array(3).fill({ status: "done", data: "made" }));
});

test("the next call takes the old message away, and so does reset", async () => {
  const answers: (() => Promise<unknown>)[] = [refused, async () => "made", refused];
  const { result } = await mutation(() => answers.shift()?.() ?? Promise.reject(new Error("too many")));
  await act(() => result.current.run());
  expect(result.current.limitError).not.toBeNull();
  await act(() => result.current.run());
  expect(result.current).toMatchObject({ limitError: null, data: "made" });
  await act(() => result.current.run());
  act(() => result.current.reset());
  expect(result.current).toMatchObject({ limitError: null, error: null, data: undefined, isPending: false });
});

test("a reset while the call runs does not make it look finished, and its refusal is still told", async () => {
  let finish: (value: unknown) => void = () => {};
  const { result } = await mutation(() => new Promise<unknown>((resolve) => (finish = resolve)));
  act(() => void result.current.run());
  act(() => result.current.reset());
  expect(result.current.isPending).toBe(true);
  await act(async () => finish(limitProblem));
  expect(result.current).toMatchObject({ isPending: false, limitError: { current: 5 } });
});

test("onRefreshed is told once the usage after the call is there, and of a call that failed nothing", async () => {
  let answer: (usage: UsageResponse) => void = () => {};
  const fetcher = vi.fn(() => new Promise<UsageResponse>((resolve) => (answer = resolve)));
  fetcher.mockResolvedValueOnce(usage);
  const onRefreshed = vi.fn();
  const calls = [() => Promise.reject(new Error("offline")), async () => "made"];
  const { result } = renderHookUnder({ fetcher }, () => ({
    ...useEnforcedMutation(async () => calls.shift()?.(), onRefreshed),
    usage: useEntitlements(),
  }));
  await waitFor(() => expect(result.current.usage.status).toBe("ready"));
  await act(() => result.current.run());
  await act(() => result.current.run());
  expect(onRefreshed).not.toHaveBeenCalled();
  await act(async () => answer(usage));
  expect(onRefreshed).toHaveBeenCalledOnce();
});
