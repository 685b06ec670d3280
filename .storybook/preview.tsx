import type { Decorator, Preview } from "@storybook/react-vite";
import "../packages/react/src/styles/index.css";

/** The moment that every story believes it is: what is relative to now stays the same. */
const NOW = Date.UTC(2026, 10, 28, 12);

const PAGE = { light: ["#ffffff", "#18181b"], dark: ["#111114", "#fafafa"] } as const;

const viewport = (name: string, width: number, height: number) => ({
  name: `${name}, ${width} px`,
  styles: { width: `${width}px`, height: `${height}px` },
});

const VIEWPORTS = {
  small: viewport("Small phone", 320, 568),
  phone: viewport("Phone", 390, 844),
  tablet: viewport("Tablet", 768, 1024),
  desktop: viewport("Desktop", 1280, 800),
};

/** What nobody could edit in a table: functions, elements, and objects of them. */
const UNEDITABLE = ["seats", "buckets", "messages", "slotProps", "container", "children", "heading", "error"];

const withoutControls: NonNullable<Preview["argTypesEnhancers"]>[number] = ({ argTypes }) =>
  Object.fromEntries(
    Object.entries(argTypes).map(([name, argType]) => [
      name,
      UNEDITABLE.includes(name) ? { ...argType, control: false } : argType,
    ]),
  );

const stage: Decorator = (Story, { globals, viewMode }) => {
  const { theme, direction, locale, textSize } = globals;
  const [background, color] = PAGE[theme === "dark" ? "dark" : "light"];
  const paper = { background, color, colorScheme: theme, fontFamily: "system-ui, sans-serif" };
  // A page of the docs stays as it is, so there each story brings the paper it lies on.
  const isOnDocs = viewMode === "docs";
  return (
    <div data-theme={theme} dir={direction} lang={locale} style={isOnDocs ? { ...paper, padding: "1rem" } : undefined}>
      <style>{`:root { font-size: ${textSize}; }`}</style>
      {!isOnDocs && (
        <style>
          {`:root { color-scheme: ${theme}; }
            body { background: ${background}; color: ${color}; font-family: ${paper.fontFamily}; }`}
        </style>
      )}
      <Story />
    </div>
  );
};

const toolbar = (title: string, icon: string, items: { value: string; title: string }[]) => ({
  description: title,
  toolbar: { title, icon, items, dynamicTitle: true },
});

const preview: Preview = {
  decorators: [stage],
  // A story that violates an accessibility rule fails.
  parameters: {
    a11y: { test: "error" },
    controls: { sort: "requiredFirst" },
    options: { storySort: { order: ["Welcome", "Guide", "*"] } },
    viewport: { options: VIEWPORTS },
  },
  argTypesEnhancers: [withoutControls],
  globalTypes: {
    theme: toolbar("Theme", "mirror", [
      { value: "light", title: "Light" },
      { value: "dark", title: "Dark" },
    ]),
    direction: toolbar("Direction", "transfer", [
      { value: "ltr", title: "Left to right" },
      { value: "rtl", title: "Right to left" },
    ]),
    locale: toolbar("Locale", "globe", [
      { value: "en", title: "English" },
      { value: "de", title: "German" },
      { value: "ar-EG", title: "Arabic numbers and dates" },
    ]),
    textSize: toolbar("Text size", "zoom", [
      { value: "100%", title: "100 %" },
      { value: "200%", title: "200 %" },
    ]),
    network: toolbar("Network", "lightning", [
      { value: "fast", title: "Answers at once" },
      { value: "slow", title: "Answers after two seconds" },
      { value: "error", title: "Fails" },
      { value: "refused", title: "Refuses: 402" },
    ]),
  },
  initialGlobals: { theme: "light", direction: "ltr", locale: "en", textSize: "100%", network: "fast" },
  beforeEach: () => {
    const real = Date.now;
    Date.now = () => NOW;
    return () => {
      Date.now = real;
    };
  },
};

export default preview;
