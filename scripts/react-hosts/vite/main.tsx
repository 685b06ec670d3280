import "@x/entitlements-react/styles.css";
import { EntitlementGate, EntitlementsProvider, UsageBar, UsageList } from "@x/entitlements-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const line = { kind: "count", reserved: 0, resetsAt: null } as const;
const usage = {
  orgId: "acme",
  entitlements: [
    { ...line, resourceType: "quota:project", label: "Projects", limit: 5, current: 5, remaining: 0, status: "at" },
  ],
} as const;
const report = { ...line, resourceType: "quota:report", label: "Reports", limit: 9, current: 3, remaining: 6 };

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    <UsageList source={{ orgId: "acme", usage: { orgId: "acme", entitlements: [{ ...report, status: "ok" }] } }} />
    <EntitlementsProvider orgId="acme" fetcher={async () => usage}>
      <UsageBar label="Admin seats" limit={10} current={12} reserved={1} />
      <UsageList />
      <EntitlementGate resourceType="quota:project" mode="disabled">
        <button type="button">Create project</button>
      </EntitlementGate>
    </EntitlementsProvider>
  </StrictMode>,
);
