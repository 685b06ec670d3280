import { expect, test } from "vitest";
import { destinationIn, signInPath } from "./destination.ts";

const origin = "http://demo.example";
const from = (path: string) => destinationIn(new URL(path, origin).searchParams, origin);

test("whoever was led to the sign-in comes back to where they were", () => {
  expect(from(signInPath("/acme/members?a=1#b"))).toBe("/acme/members?a=1#b");
  expect(from("/sign-in")).toBeNull();
});

test.each(["//evil.example/x", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "\t//evil.example"])(
  "signing in leads nowhere else: %j",
  (to) => {
    expect(from(signInPath(to))).toBeNull();
  },
);
