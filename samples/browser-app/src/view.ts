import type { Order } from './api';
import type { Tokens } from './store';
import type { Attempt } from './thief';

export const find = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Who is signed in, or nobody. */
export function showSession(tokens: Tokens | undefined): void {
  find('welcome').hidden = tokens !== undefined;
  for (const id of ['signed-in', 'account']) find(id).hidden = tokens === undefined;
  find('who').textContent = tokens?.subject ?? '';
  if (!tokens) {
    find('orders').replaceChildren();
    find('loot').replaceChildren();
    return;
  }
  find('expires').textContent = time.format(tokens.expiresAt);
  find('renewed').textContent = tokens.renewedAt === undefined ? 'not yet' : time.format(tokens.renewedAt);
}

export function showKey(thumbprint: string): void {
  find('key').textContent = thumbprint;
}

export function showOrders(orders: readonly Order[]): void {
  find('orders').replaceChildren(...orders.map((order) => {
    const row = document.createElement('tr');
    row.append(cell(order.id), cell(order.item), cell(String(order.quantity), 'number'));
    return row;
  }));
}

export function showLoot(attempts: readonly Attempt[]): void {
  find('loot').replaceChildren(...attempts.map(({ what, answer, isRefused }) => {
    const line = document.createElement('li');
    const verdict = document.createElement('strong');
    verdict.textContent = isRefused ? 'refused' : 'let in';
    verdict.className = isRefused ? 'refused' : 'let-in';
    line.append(`${what}: `, verdict, ` (${answer})`);
    return line;
  }));
}

export function say(text: string): void {
  find('status').textContent = text;
}

export function showProblem(text: string | undefined): void {
  find('problem').hidden = text === undefined;
  find('problem').textContent = text ?? '';
}

/** No second click while the first is at work. */
export function setBusy(isBusy: boolean): void {
  for (const button of document.querySelectorAll('button')) button.disabled = isBusy;
  document.body.setAttribute('aria-busy', String(isBusy));
}

function cell(text: string, className = ''): HTMLTableCellElement {
  const element = document.createElement('td');
  element.textContent = text;
  element.className = className;
  return element;
}
