/** Commands that people copy. The token and the broker stand in variables: neither is shown, and both survive a paste. */

import type { t } from "./words";

/** One command; `name` is the key of its heading in the words of this page. */
export interface Example { name: ExampleName; text: string }
export type ExampleName = Extract<keyof typeof t, `ex${string}`>;

/** Requests to the API at `origin`. They need `TOKEN` in the environment. */
export const http = (origin: string): Example[] => [
  { name: "exCameras", text: `export TOKEN=sl_…\n${curl(`${origin}/api/v1/media`)}` },
  { name: "exEpisodes", text: curl(`${origin}/api/v1/episodes?media=CAMERA&sort=-opened_at&limit=10`) },
  {
    name: "exSave",
    text: curl(
      `${origin}/api/v1/episode_save`,
      `-H 'Content-Type: application/json' -d '{"episode_id": 1, "media": "CAMERA", "opened_at": '$(date +%s000)', "updated_at": '$(date +%s000)', "title": "A van"}'`,
    ),
  },
  { name: "exFeed", text: curl(`${origin}/api/v1/events`, "-N") },
  { name: "exExport", text: curl(`${origin}/api/v1/media/CAMERA/archive.mp4?from_ms=FROM&to_ms=TO`, "-o footage.mp4") },
  { name: "exImport", text: curl(`${origin}/api/v1/media/import`, "-H 'Content-Type: text/csv' --data-binary @cameras.csv") },
  { name: "exUsers", text: curl(`${origin}/api/v1/users/import`, "-H 'Content-Type: text/csv' --data-binary @users.csv") },
  {
    name: "exSqlCsv",
    text: curl(`${origin}/api/v1/sql?format=csv`, `--data 'SELECT media, count() AS episodes FROM episodes GROUP BY media'`),
  },
];

/** Topics with a client of Kafka's. They need `BROKER`, the address that `sightlog doctor` tells. */
export const topics = (): Example[] => [
  { name: "exList", text: "export BROKER=127.0.0.1:PORT\nkcat -b $BROKER -L | grep 'topic \"'" },
  { name: "exFollow", text: "kcat -b $BROKER -C -t episode-changes -o end -f '%k %T %s\\n'" },
  {
    name: "exPublish",
    text: `echo 'CAMERA:{"episode_id": 1, "media": "CAMERA", "opened_at": '$(date +%s000)', "updated_at": '$(date +%s000)'}' |\n  kcat -b $BROKER -P -t episodes -K: -X acks=all`,
  },
  { name: "exHistory", text: "kcat -b $BROKER -C -t protections -o beginning -e -f '%k %s\\n' > protections.ndjson" },
];

/** Statements that answer a question each, over the last day; they take no parameters. */
export const statements: readonly { name: StatementName; text: string }[] = [
  {
    name: "sqlBusiest",
    text: `SELECT media, count() AS episodes, round(sum(ended_at - started_at), 1) AS busy_s
FROM episodes
WHERE opened_at >= now() - INTERVAL 1 DAY
GROUP BY media ORDER BY episodes DESC, media LIMIT 20`,
  },
  {
    name: "sqlHours",
    text: `SELECT hour, episode_type, sum(episodes) AS episodes
FROM episodes_hourly
WHERE hour >= now() - INTERVAL 1 DAY
GROUP BY hour, episode_type ORDER BY hour, episode_type`,
  },
  {
    name: "sqlGone",
    text: `SELECT media, started_at, ended_at, reason, detail, state
FROM expirations
ORDER BY started_at DESC LIMIT 50`,
  },
  {
    name: "sqlPlates",
    text: `SELECT license_plate_text AS plate, count() AS times, arraySort(groupUniqArray(media)) AS cameras, max(opened_at) AS last
FROM episodes
WHERE license_plate_text != ''
GROUP BY plate ORDER BY times DESC, plate LIMIT 50`,
  },
  {
    name: "sqlGaps",
    text: `SELECT media, started_at, ended_at, reason
FROM recording_gaps
ORDER BY started_at DESC LIMIT 50`,
  },
  {
    name: "sqlAudit",
    text: `SELECT acted_at, who, action, media, subject, detail
FROM audit
ORDER BY acted_at DESC LIMIT 50`,
  },
];
export type StatementName = Extract<keyof typeof t, `sql${string}`>;

function curl(url: string, more = ""): string {
  return `curl -sS -H "Authorization: Bearer $TOKEN" ${more && `${more} `}'${url}'`;
}
