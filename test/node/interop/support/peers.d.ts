/** What the tests use of peers that come without declarations. */

declare module "cronofy" {
  export default class Cronofy {
    constructor(config: { access_token: string });
    urls: { api: string };
    batch(options: {
      batch: { method: string; relative_url: string; data?: unknown }[];
    }): Promise<{ batch: { status: number; data?: unknown }[] }>;
  }
}
