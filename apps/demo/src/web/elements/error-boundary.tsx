import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";

/** What a mistake of the page's own leaves behind instead of a blank page. Key it with what makes another try worthwhile. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div className="page" role="alert">
        <title>Something went wrong</title>
        <h1>Something went wrong</h1>
        <p className="muted">This page could not be shown. Nothing was changed by that.</p>
        <div className="row">
          <Button kind="primary" onClick={() => this.setState({ hasFailed: false })}>
            Try again
          </Button>
          <a className="button" href="/">
            Go to the start
          </a>
        </div>
      </div>
    );
  }
}
