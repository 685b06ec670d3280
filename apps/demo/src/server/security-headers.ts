import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

// Radix Select writes this one style into each list, and hands out no nonce of ours with it.
const RADIX_SELECT_STYLE = "'sha256-441zG27rExd4/il+NvIqyL8zFx5XmyNQtE381kSkUJk='";

/**
 * What a browser may do with an answer. The components of the page bring a few styles of their own along, which carry the
 * nonce of the request.
 */
export const securityHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", "data:"],
    scriptSrc: ["'self'", NONCE],
    styleSrc: ["'self'", NONCE, RADIX_SELECT_STYLE],
  },
  crossOriginEmbedderPolicy: true,
  permissionsPolicy: {
    ...{ camera: [], displayCapture: [], geolocation: [], microphone: [], payment: [], usb: [] },
    ...{ publickeyCredentialsGet: [], screenWakeLock: [], serial: [] },
  },
  // It listens on plain HTTP; whoever puts TLS in front decides.
  strictTransportSecurity: false,
});
