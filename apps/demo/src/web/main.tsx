import "@x/entitlements-react/styles.css";
import "./styles/index.css";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

// Radix writes a style of its own while a list is open: with this the content security policy lets it.
const nonce = document.querySelector<HTMLMetaElement>("meta[property='csp-nonce']")?.nonce;
if (nonce) setNonce(nonce);

const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
