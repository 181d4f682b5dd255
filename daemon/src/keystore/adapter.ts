/** lowdb's adapter over generations: reading never makes up a default, writing seals a new generation. */
import type { Adapter } from 'lowdb'

/** The codec of a document whose meaning the keystore does not know. */
export interface DocumentCodec<D> {
  /** Throws a Problem (`keystore_too_new`) or an Error when the bytes are not a document. */
  parse(bytes: Buffer): D
  serialise(document: D): Buffer
}

export class GenerationAdapter<D> implements Adapter<D> {
  readonly #load: () => Promise<D>
  readonly #seal: (document: D) => Promise<void>

  constructor(load: () => Promise<D>, seal: (document: D) => Promise<void>) {
    this.#load = load
    this.#seal = seal
  }

  /** Never resolves to null, which lowdb would take for "use the defaults". */
  read(): Promise<D> {
    return this.#load()
  }

  write(document: D): Promise<void> {
    return this.#seal(document)
  }
}
