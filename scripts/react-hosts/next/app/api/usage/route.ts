import { createEntitlementsHandler } from "@x/entitlements-core/http";

export const GET = createEntitlementsHandler({
  entitlements: {
    usage: async () => [
      {
        ...({ resourceType: "quota:project", label: "Projects", kind: "count" } as const),
        ...({ limit: 5, current: 5, reserved: 0, remaining: 0, status: "at", resetsAt: null } as const),
      },
    ],
  },
  authorize: () => ({ orgId: "acme" }),
});
