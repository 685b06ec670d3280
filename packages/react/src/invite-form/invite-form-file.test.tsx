import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { field, news, show } from "../fixtures/invite-form.tsx";

test("a CSV file adds its addresses to what was typed", async () => {
  const { user } = await show();
  await user.type(field(), "ann@x.io");
  const csv = new File(["Name,Email\nBob,bob@x.io\nCarl,carl@x.io\n"], "team.csv", { type: "text/csv" });
  await user.upload(screen.getByLabelText("Add from a CSV file"), csv);
  await waitFor(() => expect(field()).toHaveValue("ann@x.io\nbob@x.io\ncarl@x.io"));
  expect(news()).toHaveTextContent("2 addresses added from team.csv.");
});

test("a file that cannot be read takes nothing away", async () => {
  const { user } = await show();
  await user.type(field(), "ann@x.io");
  const csv = new File([], "team.csv");
  csv.arrayBuffer = () => Promise.reject(new Error("gone"));
  await user.upload(screen.getByLabelText("Add from a CSV file"), csv);
  await waitFor(() => expect(news()).toHaveTextContent("team.csv could not be read."));
  expect(field()).toHaveValue("ann@x.io");
});

test.each([
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
])("a CSV file in %s as a spreadsheet saves it is read", async (encoding, mark) => {
  const bytes = Array.from("Name\tE-Mail\r\nAnn\tann@x.io\r\n", (character) => character.charCodeAt(0));
  const wide = { "utf-16le": (byte: number) => [byte, 0], "utf-16be": (byte: number) => [0, byte] }[encoding];
  const { user } = await show();
  const csv = new File([new Uint8Array([...mark, ...bytes.flatMap((byte) => wide?.(byte) ?? byte)])], "team.csv");
  await user.upload(screen.getByLabelText("Add from a CSV file"), csv);
  await waitFor(() => expect(field()).toHaveValue("ann@x.io"));
});

test("a file that is far too large is not read, and a message says so", async () => {
  const { user } = await show();
  await user.type(field(), "ann@x.io");
  const film = new File([new Uint8Array(1_000_001)], "film.csv");
  film.arrayBuffer = () => Promise.reject(new Error("was read"));
  await user.upload(screen.getByLabelText("Add from a CSV file"), film);
  await waitFor(() => expect(news()).toHaveTextContent("film.csv could not be read. A file may have up to 1 MB."));
  expect(field()).toHaveValue("ann@x.io");
});
