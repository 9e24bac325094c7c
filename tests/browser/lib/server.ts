// The server that the browser tests look at: the one at KURA_URL, or the example shop started here
// (a private MariaDB, synced, served) when there is none.
import { Shop } from '../../e2e/lib/shop.ts';

export interface Target {
  url: string;
  stop: () => Promise<void>;
}

export async function target(): Promise<Target> {
  const url = process.env.KURA_URL;
  if (url) return { url: url.replace(/\/$/, ''), stop: async () => undefined };
  const shop = await Shop.start();
  try {
    await shop.kuraOk(['sync']);
    const server = await shop.serve();
    return { url: server.url, stop: () => shop.stop() };
  } catch (problem) {
    await shop.stop();
    throw problem;
  }
}
