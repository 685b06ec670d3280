import { defineSeats } from "@x/entitlements-core/wire";

/** Which seat each role takes: enforced by the server, shown by the page. */
export const seats = defineSeats({ "seat:admin": ["owner", "admin"], "seat:member": ["member"] });
