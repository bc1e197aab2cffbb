import * as oauth from 'oauth4webapi';
import { http, withNonce } from './issuer';
import { proofs } from './key';
import { currentTokens, refresh } from './session';
import { api } from './settings';
import type { Tokens } from './store';

export interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
}

/** What the API said about a request that it understood and did not like. */
export class OrderRefused extends Error {}

export async function listOrders(): Promise<readonly Order[]> {
  const response = await call('GET', 'orders');
  return ((await response.json()) as { orders: Order[] }).orders;
}

export async function addOrder(item: string, quantity: number): Promise<void> {
  await call('POST', 'orders', JSON.stringify({ item, quantity }));
}

async function call(method: string, path: string, body?: string): Promise<Response> {
  const tokens = await currentTokens();
  const response = await send(tokens, method, path, body).catch(async (error: unknown) => {
    // The API may know better than the clock here that the access token is over.
    if (!saysInvalidToken(error)) throw error;
    return send(await refresh(tokens), method, path, body);
  });
  if (!response.ok) throw new OrderRefused(await problemOf(response));
  return response;
}

async function send(tokens: Tokens, method: string, path: string, body?: string): Promise<Response> {
  const DPoP = await proofs();
  const headers = new Headers({ accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
  return withNonce(() => oauth.protectedResourceRequest(tokens.accessToken, method, new URL(path, api), headers, body, { ...http, DPoP }));
}

const saysInvalidToken = (error: unknown): boolean =>
  error instanceof oauth.WWWAuthenticateChallengeError && error.cause.some((challenge) => challenge.parameters.error === 'invalid_token');

async function problemOf(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { title: string; errors?: Record<string, string> };
    return problem.errors ? Object.entries(problem.errors).map(([name, text]) => `${name}: ${text}`).join(' ') : problem.title;
  } catch {
    return `The API answered ${response.status}.`;
  }
}
