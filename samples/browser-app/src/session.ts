import * as oauth from 'oauth4webapi';
import { authentication, authorizationServer, client, http, withNonce } from './issuer';
import { proofs } from './key';
import { resource } from './settings';
import { clear, readTokens, replaceTokens, type Tokens } from './store';

/** The session has ended at the issuer; a new sign-in is needed. */
export class SessionEnded extends Error {
  constructor() {
    super('Your session has ended. Sign in again.');
  }
}

// Renewed this early, so that it does not end on the way.
const margin = 15_000;

/** Tokens whose access token still lives. */
export async function currentTokens(): Promise<Tokens> {
  const tokens = await readTokens();
  if (!tokens) throw new SessionEnded();
  return tokens.expiresAt - margin > Date.now() ? tokens : refresh(tokens);
}

/** One tab at a time where the browser can do that (Web Locks); otherwise the issuer's grace answers the second of two tabs. */
const alone = <T>(work: () => Promise<T>): Promise<T> => (navigator.locks ? navigator.locks.request('orders-app', work) as Promise<T> : work());

/** New tokens in place of `old`, or those that another tab has got meanwhile. */
export const refresh = (old: Tokens): Promise<Tokens> =>
  alone(async () => {
    const tokens = await readTokens();
    if (!tokens?.refreshToken) throw new SessionEnded();
    return tokens.refreshToken === old.refreshToken && tokens.accessToken === old.accessToken ? renew(tokens, tokens.refreshToken) : tokens;
  });

async function renew(tokens: Tokens, refreshToken: string): Promise<Tokens> {
  const as = await authorizationServer();
  const DPoP = await proofs();
  let next: Tokens | undefined;
  try {
    const grant = await withNonce(async () =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, { ...http, DPoP, additionalParameters: { resource } }),
      ));
    if (grant.token_type !== 'dpop') throw new Error('The issuer answered with a token that is not bound to this browser.');
    next = {
      ...tokens,
      accessToken: grant.access_token,
      expiresAt: Date.now() + (grant.expires_in ?? 0) * 1000,
      refreshToken: grant.refresh_token ?? refreshToken,
      renewedAt: Date.now(),
    };
  } catch (error) {
    // Only this answer says that the refresh token is dead; after any other, and without one, it is tried again.
    if (!(error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant')) throw error;
  }
  const kept = await replaceTokens(tokens, next);
  if (!kept) throw new SessionEnded();
  return kept;
}

/** Ends the grant at the issuer, then forgets the key and the tokens. Forgets them also where the issuer cannot be reached, and throws afterwards. */
export const signOut = (): Promise<void> =>
  alone(async () => {
    try {
      const tokens = await readTokens();
      if (!tokens?.refreshToken) return;
      const as = await authorizationServer();
      await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, tokens.refreshToken, { ...http, additionalParameters: { token_type_hint: 'refresh_token' } }));
    } finally {
      await clear();
    }
  });
