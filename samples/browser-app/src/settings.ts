// Everything that differs between installations, from .env or the environment of the build.
const { VITE_ISSUER, VITE_API, VITE_CLIENT_ID, VITE_SCOPE, VITE_PUSHED, BASE_URL } = import.meta.env;

export const issuer = new URL(VITE_ISSUER);
export const api = new URL(VITE_API);
/** The resource indicator (RFC 8707) of the API: the audience of the access tokens. */
export const resource = VITE_API as string;
export const clientId = VITE_CLIENT_ID as string;
export const scope = VITE_SCOPE as string;
export const isPushed = VITE_PUSHED === 'true';
export const redirectUri = new URL(BASE_URL, location.origin).href;
