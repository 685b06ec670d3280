import { FeatureDisabledError, LimitReachedError } from "@x/entitlements-core/errors";
import { expect, test } from "vitest";
import { featureProblem, limitProblem } from "../fixtures/problems.ts";
import { row } from "../fixtures/usage.ts";
import { responseDenial, toDenial } from "./denial.ts";

const denial = {
  kind: "limit",
  resourceType: "quota:project",
  label: null,
  current: 5,
  limit: 5,
  requested: 1,
  resetsAt: null,
};

test.each([
  ["a problem document", limitProblem],
  ["an error that carries it as `body`", Object.assign(new Error("402"), { body: limitProblem })],
  ["an error of axios", Object.assign(new Error("402"), { response: { status: 402, data: limitProblem } })],
  ["an answer of openapi-fetch", { error: limitProblem, response: { status: 402 } }],
  ["the cause of an error", new Error("failed", { cause: Object.assign(new Error("402"), { problem: limitProblem }) })],
])("%s is a refusal", (_name, value) => {
  expect(toDenial(value)).toEqual(denial);
});

test("errors of core bring the label along", () => {
  const limit = { orgId: "acme", resourceType: "quota:project", label: "Projects", current: 5, limit: 5, requested: 1 };
  expect(toDenial(new LimitReachedError(limit))).toEqual({ ...denial, label: "Projects" });
  expect(toDenial(new FeatureDisabledError({ ...limit, label: "Single sign-on" }))).toEqual({
    kind: "feature",
    resourceType: "quota:project",
    label: "Single sign-on",
  });
});

test("an error of which only the code came is none: there are no numbers to show", () => {
  expect(toDenial(Object.assign(new Error("402"), { code: "ENTITLEMENT_LIMIT_REACHED" }))).toBeNull();
});

test("a refusal that was read already is taken again", () => {
  expect(toDenial(denial)).toEqual(denial);
});

test.each([null, undefined, "402", 402, new Error("402"), {}, { status: 402 }, { ...limitProblem, limit: -1 }])(
  "%s is none",
  (value) => {
    expect(toDenial(value)).toBeNull();
  },
);

test("a row of the usage that a call answers with is none", () => {
  const sso = row({ resourceType: "feature:sso", label: "Single sign-on", kind: "feature", limit: 1, current: 1 });
  expect(toDenial(sso)).toBeNull();
  expect(toDenial({ data: sso })).toBeNull();
});

test("values that lead round in a circle come to an end", () => {
  const circle: { cause?: unknown } = {};
  circle.cause = circle;
  expect(toDenial(circle)).toBeNull();
});

test("a response with status 402 is read, and stays readable for the caller", async () => {
  const answer = new Response(JSON.stringify(featureProblem), { status: 402 });
  await expect(responseDenial(answer)).resolves.toEqual({ kind: "feature", resourceType: "feature:sso", label: null });
  await expect(answer.json()).resolves.toEqual(featureProblem);
});

test("a response that an HTTP client threw inside its error is read", async () => {
  const response = new Response(JSON.stringify(limitProblem), { status: 402 });
  await expect(responseDenial(Object.assign(new Error("402"), { response }))).resolves.toEqual(denial);
});

test("other responses are none, a 402 of somebody else's too", async () => {
  await expect(responseDenial(new Response(JSON.stringify(limitProblem), { status: 200 }))).resolves.toBeNull();
  await expect(responseDenial(new Response("Pay the toll", { status: 402 }))).resolves.toBeNull();
});

test("a response whose body is read already or being read is none by itself, and breaks nothing", async () => {
  const read = new Response(JSON.stringify(limitProblem), { status: 402 });
  await read.text();
  await expect(responseDenial(read)).resolves.toBeNull();
  await expect(responseDenial({ response: read, error: limitProblem })).resolves.toEqual(denial);
  const locked = new Response(JSON.stringify(limitProblem), { status: 402 });
  locked.body?.getReader();
  await expect(responseDenial(locked)).resolves.toBeNull();
});
