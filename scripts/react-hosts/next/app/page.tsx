import { UsageList, type UsageSource } from "@x/entitlements-react";
import { displayStatus } from "@x/entitlements-react/server";
import { UsageBar } from "@x/entitlements-react/usage-bar";
import { Billing } from "./billing";

const line = { kind: "count", reserved: 0, resetsAt: null } as const;
const source: UsageSource = {
  orgId: "acme",
  usage: {
    orgId: "acme",
    entitlements: [
      { ...line, resourceType: "quota:report", label: "Reports", limit: 9, current: 3, remaining: 6, status: "ok" },
    ],
  },
};

// A page of a server: what is measured here comes rendered, and what a client reads starts with it.
export default function Page() {
  const usage = { resourceType: "seat:admin", label: "Admin seats", limit: 10, current: 12, reserved: 1 };
  return (
    <main data-status={displayStatus({ limit: usage.limit, current: usage.current })}>
      <UsageBar label={usage.label} limit={usage.limit} current={usage.current} reserved={usage.reserved} />
      <UsageList source={source} />
      <Billing />
    </main>
  );
}
