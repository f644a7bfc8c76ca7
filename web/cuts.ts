/** What is left out of hls.js, and why. Read with its source: what stands here was looked up there, function by function. */

export const VERSION = "1.7.4";

/** `of`: a class, a function, a constant, or `Name.member` of one. `becomes`: what stands in its place, as code. */
export interface Cut {
  of: string;
  becomes: string;
  why: string;
}

const MP4 = "footage is fragmented MP4, nothing else";
const CLEAR = "footage is not encrypted, and no playlist of ours has a key";
const ONE = "a camera has one stream in one quality: there is nothing to choose from";
const WHOLE = "segments come whole: no playlist of ours has parts";
const NO_WORKER = "we ask for no worker: rewriting nothing, it would cost more than it saves";
const UNUSED = "we do not use it, nor do we look at what it tells";

export const cuts: readonly Cut[] = [
  { of: "muxConfig", becomes: "[{ demux: MP4Demuxer, remux: PassThroughRemuxer }]", why: MP4 },
  { of: "TSDemuxer", becomes: "class TSDemuxer { static probe() { return false; } }", why: MP4 },
  { of: "MP4", becomes: "class MP4 { static box() {} }", why: MP4 },
  { of: "hlsDefaultConfig.capLevelController", becomes: "undefined", why: ONE },
  { of: "hlsDefaultConfig.fpsController", becomes: "undefined", why: ONE },
  { of: "hlsDefaultConfig.contentSteeringController", becomes: "undefined", why: ONE },
  { of: "hlsDefaultConfig.id3TrackController", becomes: "undefined", why: UNUSED },
  { of: "MP4Demuxer.extractID3Track", becomes: "extractID3Track() { return this.id3Track; }", why: UNUSED },
  { of: "parseSamples", becomes: "function parseSamples() { return []; }", why: UNUSED },
  { of: "parseSEIMessageFromNALu", becomes: "function parseSEIMessageFromNALu() {}", why: UNUSED },
  { of: "enableStreamingMode", becomes: "function enableStreamingMode() {}", why: "`progressive`, which is off, alone needs the other loader" },
  {
    of: "Decrypter",
    becomes: `class Decrypter {
      reset() {}
      flush() { return null; }
      decrypt() { return Promise.reject(new Error("encrypted")); }
      destroy() {}
    }`,
    why: CLEAR,
  },
  {
    of: "KeyLoader",
    becomes: `class KeyLoader {
      abort() {}
      loadClear() { return null; }
      load(frag) { return Promise.reject(createKeyLoadError(frag, ErrorDetails.KEY_LOAD_ERROR, new Error("encrypted"))); }
      destroy() {}
    }`,
    why: CLEAR,
  },
  {
    of: "AbrController",
    becomes: `class AbrController {
      firstAutoLevel = 0;
      forcedAutoLevel = -1;
      get nextAutoLevel() { return 0; }
      set nextAutoLevel(_) {}
      resetEstimator() {}
      destroy() {}
    }`,
    why: ONE,
  },
  { of: "mergeConfig", becomes: "function mergeConfig(base, ours) { return { ...deepCpy(base), ...ours }; }", why: "we name no setting by its old name" },
  { of: "Hls.getMediaDecodingInfo", becomes: "", why: ONE },
  { of: "FragmentLoader.loadPart", becomes: "", why: WHOLE },
  {
    of: "ErrorController.getLevelSwitchAction",
    becomes: `getLevelSwitchAction(data, index) {
      const { hls } = this;
      const level = hls.levels[index ?? hls.loadLevel];
      if (level) {
        level.loadError++;
        level.loadErrorTime = performance.now();
        if (data.details === ErrorDetails.BUFFER_APPEND_ERROR) level.fragmentError++;
        if (!hls.autoLevelEnabled && !hls.config.preserveManualLevelOnError) hls.loadLevel = -1;
      }
      return { action: NetworkErrorAction.SendAlternateToPenaltyBox, flags: ErrorActionFlags.MoveAllAlternatesMatchingHost };
    }`,
    why: ONE,
  },
  {
    of: "ErrorController.sendAlternateToPenaltyBox",
    becomes: "sendAlternateToPenaltyBox({ errorAction }) { if (errorAction.flags & ErrorActionFlags.SwitchToSDR) errorAction.resolved = true; }",
    why: ONE,
  },
  { of: "ErrorController.switchLevel", becomes: "", why: ONE },
  { of: "DateRange", becomes: "class DateRange { isValid = false; }", why: UNUSED },
  { of: "mapDateRanges", becomes: "function mapDateRanges() {}", why: UNUSED },
  { of: "LevelKey", becomes: "class LevelKey { isSupported() { return false; } }", why: CLEAR },
  { of: "parseKey", becomes: "function parseKey() { return new LevelKey(); }", why: CLEAR },
  { of: "hasUMDWorker", becomes: "function hasUMDWorker() { return false; }", why: NO_WORKER },
  { of: "injectWorker", becomes: "function injectWorker() {}", why: NO_WORKER },
  { of: "loadWorker", becomes: "function loadWorker() {}", why: NO_WORKER },
  { of: "removeWorkerFromStore", becomes: "function removeWorkerFromStore() {}", why: NO_WORKER },
  { of: "Transmuxer.transmux", becomes: "transmux(data, key, ...more) { return this.transmuxUnencrypted(data, ...more); }", why: CLEAR },
  { of: "Transmuxer.transmuxSampleAes", becomes: "", why: CLEAR },
  { of: "getEncryptionType", becomes: "function getEncryptionType() { return null; }", why: CLEAR },
  {
    of: "requireEventemitter3",
    becomes: `function requireEventemitter3() {
      return class {
        #told = new Map();
        listeners(event) { return (this.#told.get(event) ?? []).map((one) => one.call); }
        listenerCount(event) { return this.listeners(event).length; }
        on(event, call, on = this, isOnce = false) { this.#told.set(event, [...(this.#told.get(event) ?? []), { call, on, isOnce }]); return this; }
        once(event, call, on) { return this.on(event, call, on, true); }
        off(event, call, on, isOnce) {
          const stays = (one) => call && (one.call !== call || (isOnce && !one.isOnce) || (on && one.on !== on));
          this.#told.set(event, (this.#told.get(event) ?? []).filter(stays));
          return this;
        }
        removeAllListeners(event) { event ? this.#told.delete(event) : this.#told.clear(); return this; }
        emit(event, ...about) {
          const all = this.#told.get(event) ?? [];
          for (const { call, on, isOnce } of all) {
            if (isOnce) this.off(event, call, undefined, true);
            call.apply(on, about);
          }
          return all.length > 0;
        }
      };
    }`,
    why: "a few lines do what this package does",
  },
  {
    of: "requireUrlToolkit",
    becomes: "function requireUrlToolkit() { return { buildAbsoluteURL: (base, url) => new URL(url, base).href }; }",
    why: "the browser does it",
  },
];
