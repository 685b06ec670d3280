import { type ReactElement, useId, useState } from "react";
import { chooseTheme, chosenTheme, THEMES } from "./theme.ts";

const LABELS = { system: "System", light: "Light", dark: "Dark" } as const;

export function ThemeChoice(): ReactElement {
  const name = useId();
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <fieldset className="theme">
      <legend className="visually-hidden">Theme</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            checked={each === theme}
            onChange={() => {
              chooseTheme(each);
              setTheme(each);
            }}
          />
          {LABELS[each]}
        </label>
      ))}
    </fieldset>
  );
}
