import * as oauth from 'oauth4webapi';
import { addOrder, listOrders } from './api';
import { proofs } from './key';
import { refresh, SessionEnded, signOut } from './session';
import { issuer, redirectUri } from './settings';
import { finishSignIn, isAnswer, signIn } from './sign-in';
import { readTokens } from './store';
import { rob } from './thief';
import { find, say, setBusy, showKey, showLoot, showOrders, showProblem, showSession } from './view';

// Other tabs hear of a session that begins, is renewed or ends.
const tabs = new BroadcastChannel('orders-app');
tabs.onmessage = () => void run(undefined, load);

async function load(): Promise<void> {
  const tokens = await readTokens();
  showSession(tokens);
  if (!tokens) return;
  showKey(await (await proofs()).calculateThumbprint());
  showOrders(await listOrders());
  showSession(await readTokens());
}

/** Runs one thing that may fail, and says what happened. */
async function run(done: string | undefined, work: () => Promise<void>): Promise<void> {
  setBusy(true);
  showProblem(undefined);
  say('Working');
  try {
    await work();
    say(done ?? '');
  } catch (error) {
    say('');
    showProblem(describe(error));
    if (error instanceof SessionEnded) showSession(undefined);
  } finally {
    setBusy(false);
  }
}

function describe(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError) return error.error === 'access_denied' ? 'You did not allow it.' : `The issuer refused: ${error.error_description ?? error.error}`;
  if (error instanceof oauth.ResponseBodyError) return `The issuer refused: ${error.error_description ?? error.error}`;
  if (error instanceof oauth.WWWAuthenticateChallengeError) return `The API refused (${error.status}): ${error.cause.map(({ parameters }) => parameters.error_description).find((text) => text) ?? ''}`;
  if (error instanceof TypeError) return `${issuer.host} or the API cannot be reached.`;
  return error instanceof Error ? error.message : String(error);
}

find('sign-in').onclick = () => run('Going to the issuer', signIn);

find('sign-out').onclick = () =>
  run('Signed out', async () => {
    try {
      await signOut();
    } finally {
      showSession(await readTokens());
      tabs.postMessage('ended');
    }
  });

find('refresh').onclick = () =>
  run('Renewed', async () => {
    const tokens = await readTokens();
    if (!tokens) throw new SessionEnded();
    showSession(await refresh(tokens));
  });

find('rob').onclick = () => run('Tried', async () => showLoot(await rob()));

find<HTMLFormElement>('order').onsubmit = (event) => {
  event.preventDefault();
  void run('Added', async () => {
    await addOrder(find<HTMLInputElement>('item').value, find<HTMLInputElement>('quantity').valueAsNumber);
    find<HTMLFormElement>('order').reset();
    await load();
  });
};

const address = new URL(location.href);
if (isAnswer(address)) {
  // The code leaves the address, the history and every later Referer before anything else happens.
  history.replaceState(undefined, '', redirectUri);
  await run(undefined, async () => {
    try {
      await finishSignIn(address);
      tabs.postMessage('begun');
    } finally {
      await load();
    }
  });
} else {
  await run(undefined, load);
}
