import * as oauth from 'oauth4webapi';
import { authentication, authorizationServer, client, http, withNonce } from './issuer';
import { proofs } from './key';
import { clientId, isPushed, redirectUri, resource, scope } from './settings';
import { writeTokens, type Tokens } from './store';

// What must be there when the browser comes back. Of this tab alone, so that two sign-ins do not mix.
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}
const pendingName = 'sign-in';

/** Leaves for the issuer. */
export async function signIn(): Promise<void> {
  const as = await authorizationServer();
  const DPoP = await proofs();
  const pending: Pending = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier() };
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    resource,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  });
  const address = new URL(as.authorization_endpoint!);
  if (isPushed) {
    // RFC 9449 §10.1: the proof at this endpoint binds the code to the key.
    const { request_uri } = await withNonce(async () =>
      oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, authentication, parameters, { ...http, DPoP })));
    address.search = new URLSearchParams({ client_id: clientId, request_uri }).toString();
  } else {
    // RFC 9449 §10: without a request that could carry a proof, the thumbprint does.
    parameters.set('dpop_jkt', await DPoP.calculateThumbprint());
    address.search = parameters.toString();
  }
  sessionStorage.setItem(pendingName, JSON.stringify(pending));
  location.assign(address);
}

/** True where the issuer has sent the browser back here. */
export const isAnswer = (address: URL): boolean => address.searchParams.has('state') && (address.searchParams.has('code') || address.searchParams.has('error'));

/** Redeems what the issuer answered. Throws where that is a refusal, or no answer to what was asked. */
export async function finishSignIn(answer: URL): Promise<Tokens> {
  const stored = sessionStorage.getItem(pendingName);
  sessionStorage.removeItem(pendingName);
  if (stored === null) throw new Error('This tab did not ask to sign in. Try again.');
  const pending = JSON.parse(stored) as Pending;
  const as = await authorizationServer();
  // State, and the issuer that answers (RFC 9207); a refusal is thrown.
  const parameters = oauth.validateAuthResponse(as, client, answer, pending.state);
  const DPoP = await proofs();
  const grant = await withNonce(async () =>
    oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, authentication, parameters, redirectUri, pending.verifier, {
        ...http,
        DPoP,
        additionalParameters: { resource },
      }),
      { expectedNonce: pending.nonce, requireIdToken: true },
    ));
  // A token that nothing binds is not what was asked for.
  if (grant.token_type !== 'dpop') throw new Error('The issuer answered with a token that is not bound to this browser.');
  const tokens: Tokens = {
    accessToken: grant.access_token,
    expiresAt: Date.now() + (grant.expires_in ?? 0) * 1000,
    refreshToken: grant.refresh_token,
    subject: oauth.getValidatedIdTokenClaims(grant)!.sub,
    renewedAt: undefined,
  };
  await writeTokens(tokens);
  return tokens;
}
