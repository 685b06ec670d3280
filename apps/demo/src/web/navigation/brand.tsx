import type { ReactElement } from "react";

export function Brand(): ReactElement {
  return (
    <p className="brand">
      <img src="/icon.svg" alt="" />
      Entitlements demo
    </p>
  );
}
