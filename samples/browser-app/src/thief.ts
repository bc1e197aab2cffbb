import * as oauth from 'oauth4webapi';
import { authentication, authorizationServer, client, http, withNonce } from './issuer';
import { currentTokens } from './session';
import { api, resource } from './settings';

export interface Attempt {
  readonly what: string;
  readonly answer: string;
  readonly isRefused: boolean;
}

/** What somebody tries who has a copy of the tokens, and a key of their own. None of it ends the session that was robbed. */
export async function rob(): Promise<readonly Attempt[]> {
  const { accessToken, refreshToken } = await currentTokens();
  const as = await authorizationServer();
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const orders = new URL('orders', api);
  const attempts = [
    attempt('The access token alone', () => oauth.protectedResourceRequest(accessToken, 'GET', orders, undefined, undefined, http)),
    attempt('The access token with another key', () => withNonce(() => oauth.protectedResourceRequest(accessToken, 'GET', orders, undefined, undefined, { ...http, DPoP }))),
  ];
  if (refreshToken !== undefined) {
    attempts.push(
      attempt('The refresh token with another key', () => withNonce(async () => {
        const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, { ...http, DPoP, additionalParameters: { resource } });
        await oauth.processRefreshTokenResponse(as, client, response.clone());
        return response;
      })),
    );
  }
  return Promise.all(attempts);
}

async function attempt(what: string, request: () => Promise<Response>): Promise<Attempt> {
  try {
    const response = await request();
    return { what, answer: String(response.status), isRefused: !response.ok };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return { what, answer: `${error.status} ${error.error}`, isRefused: true };
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
    return { what, answer: `${error.status} ${error.cause.map((challenge) => challenge.parameters.error).find((code) => code) ?? ''}`.trim(), isRefused: true };
  }
}
