import type { Preview } from "@storybook/react-vite";

const preview: Preview = {
  // A story that violates an accessibility rule fails.
  parameters: { a11y: { test: "error" } },
};

export default preview;
