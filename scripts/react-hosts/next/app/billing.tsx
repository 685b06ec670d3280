"use client";

import { EntitlementsProvider, UsageList } from "@x/entitlements-react";

const line = { kind: "count", reserved: 0, resetsAt: null } as const;

export function Billing() {
  return (
    <EntitlementsProvider
      orgId="acme"
      endpoint="/api/usage"
      initialData={{
        orgId: "acme",
        entitlements: [
          {
            ...line,
            resourceType: "quota:project",
            label: "Projects",
            limit: 5,
            current: 4,
            remaining: 1,
            status: "near",
          },
        ],
      }}
    >
      <UsageList />
    </EntitlementsProvider>
  );
}
