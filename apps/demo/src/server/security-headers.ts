import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

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
    imgSrc: ["'self'"],
    scriptSrc: ["'self'", NONCE],
    styleSrc: ["'self'", NONCE],
  },
  crossOriginEmbedderPolicy: true,
  xFrameOptions: "DENY",
  permissionsPolicy: {
    ...{ camera: [], displayCapture: [], geolocation: [], microphone: [], payment: [], usb: [] },
    ...{ publickeyCredentialsGet: [], screenWakeLock: [], serial: [] },
  },
  // It listens on plain HTTP; whoever puts TLS in front decides.
  strictTransportSecurity: false,
});
