import { type ReactElement, type ReactNode, type SyntheticEvent, useId, useLayoutEffect, useRef } from "react";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog, open as long as it is rendered. The browser keeps the focus in it and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      // The button that has opened it may be gone with what it was about.
      const { activeElement, body } = document;
      if (activeElement === body || dialog?.contains(activeElement)) document.querySelector("h1")?.focus();
    };
  }, []);
  const cancel = (event: SyntheticEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={titleId} onCancel={cancel}>
      <div className="dialog-content">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
      {/* Last, so that the focus begins with what the dialog is about. */}
      <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
