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
const MUXED = "sound and picture of a camera are one stream, and fill one buffer";
const QUIET = "its log is never on";
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
  { of: "Logger", becomes: "class Logger { trace() {} debug() {} log() {} warn() {} info() {} error() {} }", why: QUIET },
  { of: "enableLogs", becomes: "function enableLogs() { return new Logger(); }", why: QUIET },
  { of: "exportedLogger", becomes: "new Logger()", why: QUIET },
  { of: "M3U8Parser.parseMasterPlaylistMedia", becomes: "static parseMasterPlaylistMedia() { return {}; }", why: ONE },
  { of: "BaseStreamController.doFragPartsLoad", becomes: "", why: WHOLE },
  { of: "BaseStreamController.shouldLoadParts", becomes: "shouldLoadParts() { return false; }", why: WHOLE },
  { of: "BaseStreamController.waitForCdnTuneIn", becomes: "waitForCdnTuneIn() { return false; }", why: WHOLE },
  { of: "BasePlaylistController.switchParams", becomes: "switchParams() {}", why: WHOLE },
  { of: "BasePlaylistController.getDeliveryDirectives", becomes: "", why: WHOLE },
  { of: "FragmentTracker.hasParts", becomes: "hasParts() { return false; }", why: WHOLE },
  { of: "FragmentTracker.removeParts", becomes: "removeParts() {}", why: WHOLE },
  { of: "mapPartIntersection", becomes: "function mapPartIntersection() {}", why: WHOLE },
  { of: "getPartWith", becomes: "function getPartWith() { return null; }", why: WHOLE },
  { of: "BaseStreamController.loadKeyFor", becomes: "loadKeyFor() { return null; }", why: CLEAR },
  { of: "BaseStreamController.unhandledEncryptionError", becomes: "unhandledEncryptionError() { return false; }", why: CLEAR },
  { of: "setFragLevelKeys", becomes: "function setFragLevelKeys() {}", why: CLEAR },
  { of: "patchEncyptionData", becomes: "function patchEncyptionData() {}", why: CLEAR },
  { of: "isKeyError", becomes: "function isKeyError() { return false; }", why: CLEAR },
  { of: "isUnusableKeyError", becomes: "function isUnusableKeyError() { return false; }", why: CLEAR },
  { of: "isMethodFullSegmentAesCbc", becomes: "function isMethodFullSegmentAesCbc() { return false; }", why: CLEAR },
  { of: "isFullSegmentEncryption", becomes: "function isFullSegmentEncryption() { return false; }", why: CLEAR },
  { of: "BaseStreamController.filterReplacedPrimary", becomes: "filterReplacedPrimary(frag) { return frag; }", why: UNUSED },
  { of: "BaseStreamController.primaryPrefetch", becomes: "get primaryPrefetch() { return false; }", why: UNUSED },
  { of: "BufferController.blockAudio", becomes: "", why: MUXED },
  { of: "BufferController.unblockAudio", becomes: "unblockAudio() {}", why: MUXED },
  { of: "BufferController.isAudioBlocked", becomes: "isAudioBlocked() { return false; }", why: MUXED },
  { of: "BufferController.attachTransferred", becomes: "", why: UNUSED },
  { of: "Level.addGroupId", becomes: "addGroupId() {}", why: MUXED },
  { of: "timelineConfig", becomes: "function timelineConfig() { return {}; }", why: UNUSED },
  { of: "flushTextTrackMetadataCueSamples", becomes: "function flushTextTrackMetadataCueSamples() {}", why: UNUSED },
  { of: "flushTextTrackUserdataCueSamples", becomes: "function flushTextTrackUserdataCueSamples() {}", why: UNUSED },
  { of: "parseSupplementalDoViCodec", becomes: "function parseSupplementalDoViCodec() {}", why: UNUSED },
  { of: "getM2TSSupportedAudioTypes", becomes: "function getM2TSSupportedAudioTypes() {}", why: MP4 },
  {
    of: "_objectSpread2",
    becomes: "function _objectSpread2(to, ...from) { return Object.assign(to, ...from); }",
    why: "the browser does it",
  },
  { of: "_extends", becomes: "function _extends(...all) { return Object.assign(...all); }", why: "the browser does it" },
  {
    of: "LevelController.onManifestLoaded",
    becomes: `onManifestLoaded(event, data) {
      const { hls } = this;
      const levels = data.levels.filter((one) => setTrackCodecsAndReturnSupported(one, hls.config.preferManagedMediaSource)).map((one) => new Level(one));
      if (data.stats) data.stats.parsing.end = performance.now();
      if (!levels.length) {
        const error = new Error("no level with compatible codecs found in manifest");
        const about = { type: ErrorTypes.MEDIA_ERROR, details: ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR, fatal: true, url: data.url, error, reason: error.message };
        void Promise.resolve().then(() => this.hls && this.hls.trigger(Events.ERROR, about));
        return;
      }
      this._levels = levels;
      this._firstLevel = 0;
      const [{ audioCodec, videoCodec }] = levels;
      hls.trigger(Events.MANIFEST_PARSED, { levels, audioTracks: [], subtitleTracks: [], firstLevel: 0, stats: data.stats, audio: !!audioCodec, video: !!videoCodec });
    }`,
    why: ONE,
  },
];
