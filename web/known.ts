/** What hls.js asks again and again, and what the answer always is with footage of ours. Read with its source, as `cuts.ts`. */

/** `reads`: fields by name, and what stands where one is read, as code. `cases`: of a `switch`, never met. */
export interface Known {
  reads: Record<string, string>;
  cases?: readonly string[];
  why: string;
}

export const known: readonly Known[] = [
  {
    reads: {
      partList: "null", fragmentHint: "undefined", loadingParts: "false", partTarget: "0", partHoldBack: "0",
      renditionReports: "undefined", tuneInGoal: "0", canBlockReload: "false",
    },
    cases: ["PART", "PART-INF", "PRELOAD-HINT", "RENDITION-REPORT", "SERVER-CONTROL"],
    why: "segments come whole: no playlist of ours has parts, nor a server that waits with its answer",
  },
  {
    reads: { skippedSegments: "0", canSkipUntil: "0", canSkipDateRanges: "false", deltaUpdateFailed: "false" },
    cases: ["SKIP"],
    why: "playlists come whole, too",
  },
  {
    reads: { encrypted: "false", decryptdata: "null", levelkeys: "undefined", isCommonEncryption: "false" },
    cases: [
      "KEY", "SESSION-KEY", "KEY_LOAD_ERROR", "KEY_LOAD_TIMEOUT", "FRAG_DECRYPT_ERROR", "KEY_SYSTEM_STATUS_OUTPUT_RESTRICTED",
      "KEY_SYSTEM_SESSION_UPDATE_FAILED", "KEY_SYSTEM_STATUS_INTERNAL_ERROR", "KEY_SYSTEM_NO_SESSION", "KEY_LOADING",
    ],
    why: "footage is not encrypted, and no playlist of ours has a key",
  },
  {
    reads: {
      audioStreamController: "undefined", subtititleStreamController: "undefined", audioTrackController: "undefined", subtitleTrackController: "undefined",
      interstitialsController: "undefined", interstitialsManager: "undefined", emeController: "undefined", cmcdController: "undefined",
      capLevelController: "undefined", audioGroups: "undefined", subtitleGroups: "undefined", supplemental: "undefined", iframes: "undefined", iframesOnly: "false", iframe: "false",
      audioCodecSwap: "false", supportedResult: "undefined", altAudio: "0", DISABLED: "0", SWITCHING: "1", SWITCHED: "2",
    },
    cases: ["AUDIO_TRACK", "SUBTITLE_TRACK", "AUDIO_TRACK_LOAD_ERROR", "AUDIO_TRACK_LOAD_TIMEOUT", "SUBTITLE_LOAD_ERROR", "SUBTITLE_TRACK_LOAD_TIMEOUT", "I-FRAME-STREAM-INF", "I-FRAMES-ONLY"],
    why: "sound is in the stream itself; no captions, no insertions, no lists of stills: what would handle them is not there",
  },
  {
    reads: { steering: "undefined", bitrateTest: "false", pathwayId: "'.'", bandwidthEstimate: "0", abrSwitchInterval: "0", startFragPrefetch: "false" },
    why: "a camera has one stream in one quality: there is nothing to choose from",
  },
  {
    reads: {
      progressive: "false", enableWorker: "false", useWorker: "false", workerContext: "undefined", timelineOffset: "0", appliedTimelineOffset: "0", assetPlayerId: "undefined",
      startOnSegmentBoundary: "false", ignorePlaylistParsingErrors: "false", loopBackBufferFlush: "undefined", defaultAudioCodec: "undefined",
      transferMedia: "undefined", transferData: "undefined", overrides: "undefined", variableList: "null",
      dateRangeTagCount: "0", workerPath: "null", emeEnabled: "false", unknownCodecs: "undefined",
    },
    cases: ["DEFINE", "DATERANGE", "BITRATE", "GAP", "START", "CONTENT-STEERING", "SESSION-DATA"],
    why: "we do not set it, and it stands in no playlist that hls.js reads: player/playlist.ts writes those of the archive, the API those of live",
  },
];
