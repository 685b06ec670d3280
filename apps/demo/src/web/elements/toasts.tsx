import { createContext, type ReactElement, type ReactNode, useCallback, useContext, useEffect, useState } from "react";

const SHOWN_FOR_MS = 5_000;

const ToastContext = createContext<(text: string) => void>(() => {});

/** Says for some seconds what has been done. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}

export function Toasts({ children }: { readonly children: ReactNode }): ReactElement {
  const [toast, setToast] = useState<{ readonly text: string } | null>(null);
  const say = useCallback((text: string) => setToast({ text }), []);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status">
        {toast !== null && <p>{toast.text}</p>}
      </div>
    </ToastContext>
  );
}
