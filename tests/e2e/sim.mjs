// @ts-check
// A simulated Moxxie of one's own, and the controls that tests, pictures and measurements have over it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'sim', 'moxxie-sim');

/** What it can serve: the release, or the development build with /dev/components. */
export const DISTS = { release: join(root, 'dist'), gallery: join(root, 'tests', '.out', 'gallery') };

/** How any script here starts the system's Chromium: it asks nobody for anything but what the page asks for. */
export const CHROMIUM = {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'],
};

/**
 * What goes wrong with which requests; see `src/sim/faults.rs`.
 * @typedef {object} Fault
 * @property {string} path `*` stands for any run of characters: `/api/v1/vms/*`
 * @property {string} [method]
 * @property {number} [status]
 * @property {unknown} [body]
 * @property {number} [delayMs]
 * @property {'status' | 'malformed' | 'truncated' | 'cut' | 'reset' | 'empty' | 'html' | 'rate'} [kind]
 * @property {number} [rate] probability, 0 to 1
 * @property {number} [times]
 * @property {number} [retryAfter]
 * @property {number} [perMinute]
 * @property {boolean} [after] the request is carried out although its answer goes wrong
 */

/**
 * @typedef {object} SeenRequest
 * @property {string} method
 * @property {string} path
 * @property {number | string} at
 */

export class Sim {
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  #origin;
  /** @type {string[]} */
  #words;

  /**
   * @param {string} origin
   * @param {string} base
   * @param {import('node:child_process').ChildProcess} child
   * @param {string[]} words
   */
  constructor(origin, base, child, words) {
    /** Address of the console, with its base path and without a final slash. */
    this.url = origin + base;
    this.#origin = origin;
    this.#child = child;
    this.#words = words;
  }

  /**
   * Starts one on a free port.
   * @param {string[]} args its own arguments
   * @param {string} dist what it serves
   */
  static async start(args, dist = DISTS.release) {
    for (const needed of [binary, join(dist, 'index.html')]) {
      if (!existsSync(needed)) throw new Error(`${needed} is missing: make build sim gallery`);
    }
    const child = spawn(binary, ['--listen', '127.0.0.1:0', '--dist', dist, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {string[]} */
    const words = [];
    child.stderr.on('data', (data) => words.push(String(data)));
    /** @type {string} */
    const origin = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        words.push(line);
        const found = /listening on (http:\/\/[^\s/]+)/.exec(line);
        if (found?.[1]) resolve(found[1]);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`moxxie-sim ended (${code}): ${words.join('\n')}`)));
    });
    const place = args.indexOf('--base-path');
    const base = place < 0 ? '' : `/${args[place + 1] ?? ''}`.replace(/\/+/g, '/').replace(/\/$/, '');
    return new Sim(origin, base, child, words);
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** What it printed. */
  get log() {
    return this.#words.join('\n');
  }

  /** Replaces all faults. @param {Fault[]} faults */
  faults(...faults) {
    return this.#control('POST', 'faults', faults);
  }
  clearFaults() {
    return this.#control('DELETE', 'faults');
  }
  /** Lets simulated time pass at once. @param {number} seconds */
  advance(seconds) {
    return this.#control('POST', 'advance', { seconds });
  }
  reset() {
    return this.#control('POST', 'reset');
  }
  /** The server starts anew: it has forgotten its tasks and events, and what was under way goes on. */
  restart() {
    return this.#control('POST', 'restart');
  }
  /** Ends the event sockets. */
  dropSocket() {
    return this.#control('POST', 'socket/drop');
  }
  refuseSocket(on = true) {
    return this.#control('POST', 'socket/refuse', { on });
  }
  /**
   * The requests it has seen, oldest first.
   * @param {RegExp} path
   * @param {string} [method]
   * @returns {Promise<SeenRequest[]>}
   */
  async requests(path = /./, method) {
    const all = /** @type {SeenRequest[] | { requests: SeenRequest[] }} */ (await this.#control('GET', 'requests'));
    return (Array.isArray(all) ? all : all.requests).filter(
      (request) => path.test(request.path) && (method === undefined || request.method === method),
    );
  }
  forgetRequests() {
    return this.#control('DELETE', 'requests');
  }
  /**
   * Changes fields of a VM behind the console's back: status, name, node, lock, tags, cpu, config …
   * @param {number} id
   * @param {Record<string, unknown>} fields
   */
  vm(id, fields) {
    return this.#control('POST', `vm/${id}`, fields);
  }
  /**
   * A task of somebody else: type, id, node, user, seconds, filler, progress, lines, end; with upid one gets on.
   * @param {Record<string, unknown>} fields
   * @returns {Promise<string>} its UPID
   */
  async task(fields) {
    const { upid } = /** @type {{ upid: string }} */ (await this.#control('POST', 'task', fields));
    return upid;
  }
  /**
   * What a guest shows, and what was put on its clipboard.
   * @param {string} place number of a VM, or name of a node
   */
  async guest(place) {
    return /** @type {{ screen: string, pasted: string }} */ (await this.#control('GET', `console/${place}`));
  }
  /** @param {string} place @param {string} text */
  guestCopies(place, text) {
    return this.#control('POST', 'console/copy', { place, text });
  }
  /**
   * Sets the keyboard of a guest: from now on it makes letters of places.
   * @param {string} place @param {'us' | 'gb' | 'de' | 'fr'} layout
   */
  guestKeyboard(place, layout) {
    return this.#control('POST', 'console/keyboard', { place, layout });
  }
  /** Whether coming lines to guests are taken, and nothing is said on them. */
  silenceConsoles(on = true) {
    return this.#control('POST', 'console/silent', { on });
  }
  /** How many lines to guests are open. @returns {Promise<number>} */
  async lines() {
    const { lines } = /** @type {{ lines: number }} */ (await this.#control('GET', 'state'));
    return lines;
  }
  /** Breaks all lines to guests. */
  dropConsoles() {
    return this.#control('POST', 'console/drop');
  }
  /** Ends all tickets, and as many of the coming ones before they can be used. @param {number} next */
  expireTickets(next = 0) {
    return this.#control('POST', 'console/expire', { next });
  }
  /** @param {string} name @param {Record<string, unknown>} fields */
  node(name, fields) {
    return this.#control('POST', `node/${name}`, fields);
  }
  /**
   * Changes fields of a backup behind the console's back, adds one (`vmid`), or loses it (`gone`).
   * @param {string} volid
   * @param {Record<string, unknown>} fields
   */
  backup(volid, fields) {
    return this.#control('POST', `backup/${encodeURIComponent(volid)}`, fields);
  }
  /** @param {string} name @param {Record<string, unknown>} fields */
  storage(name, fields) {
    return this.#control('POST', `storage/${name}`, fields);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<unknown>}
   */
  async #control(method, path, body) {
    const response = await fetch(`${this.#origin}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_sim/${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
