import { type Client, createClient, type Transaction } from "@libsql/client";
import { testAdapter } from "@x/entitlements-core/testing";
import { expect, it } from "vitest";
import { sqliteAdapter } from "../adapter.ts";
import { type Driver, underTest } from "../fixtures/host.ts";
import { testMisuse } from "../fixtures/misuse.ts";
import { fromLibsqlClient } from "./libsql-client.ts";

const driver: Driver<Transaction, Client> = {
  from: fromLibsqlClient,
  open: (file) => createClient({ url: `file:${file}` }),
  close: (client) => client.close(),
  async transaction(client, work) {
    const tx = await client.transaction("write");
    try {
      const result = await work(tx);
      await tx.commit();
      return result;
    } finally {
      tx.close();
    }
  },
  insert: (tx, orgId) => tx.execute({ sql: "insert into item (org_id) values (?)", args: [orgId] }),
  count: async (tx, orgId) =>
    Number((await tx.execute({ sql: "select count(*) from item where org_id = ?", args: [orgId] })).rows[0]?.[0]),
  inMemory: [":memory:", ":memory:?cache=shared"],
  run: (tx, sql) => tx.executeMultiple(sql),
};

testAdapter(underTest(driver));
testMisuse(driver);

it.each(["libsql://example.turso.io", "https://example.turso.io", "http://127.0.0.1:8080", "ws://127.0.0.1:8080"])(
  "a remote client is refused before anything is sent: %s",
  async (url) => {
    const failed = sqliteAdapter(fromLibsqlClient(() => createClient({ url, authToken: "none" }))).migrate();
    await expect(failed).rejects.toMatchObject({ code: "ENTITLEMENT_CONFIGURATION" });
    await expect(failed).rejects.toThrow(/remote one.*file:app\.db/s);
  },
);
