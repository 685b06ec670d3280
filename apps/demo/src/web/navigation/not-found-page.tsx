import type { ReactElement } from "react";
import { Link } from "react-router";
import { Page } from "./page.tsx";

export function NotFoundPage(): ReactElement {
  return (
    <Page title="Page not found" description="There is nothing at this address, or it is not for you.">
      <div>
        <Link className="button" to="/">
          Go to the start
        </Link>
      </div>
    </Page>
  );
}
