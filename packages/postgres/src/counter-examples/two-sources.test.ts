import { expect, test } from "vitest";
import { setStage } from "./harness.ts";

// Seats are members and open invitations. Accepting one changes neither the sum nor, therefore, anything under the
// lock: it may commit at any moment. The limit is 10, and all 10 are used.
const stage = setStage(`
  create table member (org text); insert into member select 'acme' from generate_series(1, 8);
  create table invitation (id int, org text); insert into invitation values (1, 'acme'), (2, 'acme');`);
const members = "select count(*)::int from member where org = 'acme'";
const invitations = "select count(*)::int from invitation where org = 'acme'";
const accept = "begin; delete from invitation where id = 1; insert into member values ('acme'); commit";
const both = `select (${members}) + (${invitations}) as seats`;

test("two sources counted one after the other miss an acceptance between them: nine seen, eleven of ten", async () => {
  const [inviter, guest] = [await stage.session(), await stage.session()];
  await inviter.run("begin");
  const first = Number(await inviter.value(members));
  await guest.run(accept);
  const seen = first + Number(await inviter.value(invitations));
  expect(seen).toBe(9);
  await inviter.run("insert into invitation values (3, 'acme'); commit");
  expect(await guest.value(both)).toBe(11);
});

test("the two counted in one statement see ten, also when the acceptance commits between the two counts", async () => {
  const [inviter, guest, door] = [await stage.session(), await stage.session(), await stage.session()];
  await door.run("begin; select pg_advisory_xact_lock(7)");
  // The statement stops between its two counts until the door opens.
  const counted = await inviter.waits(
    `select (${members}) as members, pg_advisory_xact_lock_shared(7)::text, (${invitations}) as invitations`,
  );
  await guest.run(accept);
  await door.run("commit");
  expect(await counted.answer).toMatchObject([{ members: 8, invitations: 2 }]);
  expect(await guest.value(both)).toBe(10);
});
