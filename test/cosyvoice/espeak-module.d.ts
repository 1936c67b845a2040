// The part of @echogarden/espeak-ng-emscripten that is used here; the package ships no types.

declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakFileSystem {
    readdir(path: string): string[];
    stat(path: string): { readonly mode: number };
    isDir(mode: number): boolean;
    readFile(path: string): Uint8Array;
    writeFile(path: string, data: Uint8Array, options?: { readonly canOwn?: boolean }): void;
    unlink(path: string): void;
  }

  export interface EspeakWorker {
    rate: number;
    pitch: number;
    range: number;
    /** A string, or the address of a zero-terminated one in the module's memory. Returns 0 on success. */
    set_voice(name: string | number): number;
    get_samplerate(): number;
    /** Calls back with each piece of audio, in order, before it returns; the callback stops it by true. */
    synthesize(text: string | number, onAudio: (samples: Int16Array) => boolean): void;
  }

  export interface EspeakModule {
    readonly FS: EspeakFileSystem;
    readonly HEAPU8: Uint8Array;
    readonly eSpeakNGWorker: new () => EspeakWorker;
    _malloc(bytes: number): number;
  }

  export default function createEspeak(options: {
    readonly getPreloadedPackage?: () => ArrayBuffer;
  }): Promise<EspeakModule>;
}
