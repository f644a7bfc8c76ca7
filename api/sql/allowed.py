"""What a caller's statement may be made of. Everything that does not stand here is refused."""

import re

TABLES = frozenset(
    [
        "episodes",
        "episode_versions",
        "episode_refusals",
        "episodes_hourly",
        "alarms",
        "alarm_times",
        "deletions",
        "expirations",
        "footage_history",
        "footage_hourly",
        "locks",
        "mail_refusals",
        "protected_ranges",
        "segments",
        "segment_scans",
        "recording_gaps",
        "media",
    ]
)
"""Public names with a column ``media``: their rows can be held to the cameras that a caller may see."""
UNLIMITED_TABLES = frozenset(
    {"audit", "dead_letters", "reprocess_runs", "reviews", "storage_exhaustions", "storage_levels"}
)
"""Only for callers who may see everything: what is in them may be of any camera."""

NODES = frozenset(
    [
        "SelectWithUnionQuery",
        "SelectIntersectExceptQuery",
        "SelectQuery",
        "ExpressionList",
        "WithElement",
        "Subquery",
        "Literal",
        "Identifier",
        "Function",
        "Asterisk",
        "QualifiedAsterisk",
        "ColumnsListMatcher",
        "ColumnsRegexpMatcher",
        "ColumnsTransformerList",
        "ColumnsExceptTransformer",
        "ColumnsReplaceTransformer",
        "ColumnsReplaceTransformer::Replacement",
        "TablesInSelectQuery",
        "TablesInSelectQueryElement",
        "TableExpression",
        "TableIdentifier",
        "TableJoin",
        "ArrayJoin",
        "OrderByElement",
        "InterpolateElement",
        "WindowDefinition",
        "WindowListElement",
    ]
)
"""Kinds of nodes in the engine's syntax tree. Not ``Set`` (SETTINGS), and not APPLY, whose tree hides what it calls."""

_OPERATORS = """
    plus minus multiply divide intDiv intDivOrZero modulo moduloOrZero positiveModulo negate abs
    equals notEquals less greater lessOrEquals greaterOrEquals isDistinctFrom isNotDistinctFrom
    and or not xor in notIn globalIn globalNotIn exists like notLike ilike notILike
    if multiIf caseWithExpression coalesce ifNull nullIf isNull isNotNull assumeNotNull toNullable greatest least clamp
    array tuple tupleElement arrayElement arrayElementOrNull lambda concat CAST _CAST
"""
_NUMBERS = """
    round roundBankers floor ceil ceiling trunc truncate sqrt cbrt exp exp2 exp10 log ln log2 log10 log1p pow power sign
    sin cos tan asin acos atan atan2 sinh cosh tanh degrees radians hypot pi e isFinite isInfinite isNaN ifNotFinite
    bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount gcd lcm widthBucket rand rand32 rand64
    intHash32 intHash64 cityHash64 sipHash64 xxHash64 murmurHash3_64 MD5 SHA1 SHA256 hex unhex bin
    formatReadableSize formatReadableDecimalSize formatReadableQuantity formatReadableTimeDelta bar transform
"""
_TIMES = """
    now now64 today yesterday current_timestamp current_date toUnixTimestamp timeSlot makeDate makeDateTime
    makeDateTime64 dateDiff date_diff timestampDiff age dateAdd date_add dateSub date_sub timestampAdd timestampSub
    dateTrunc date_trunc dateName monthName formatDateTime formatDateTimeInJodaSyntax toTimezone toTimeZone timezoneOf
    toStartOfInterval toStartOfSecond toStartOfMillisecond toStartOfMinute toStartOfFiveMinutes toStartOfFiveMinute
    toStartOfTenMinutes toStartOfFifteenMinutes toStartOfHour toStartOfDay toStartOfWeek toStartOfMonth toStartOfQuarter
    toStartOfYear toMonday toLastDayOfMonth toLastDayOfWeek toYear toQuarter toMonth toWeek toISOWeek toISOYear
    toYearWeek toDayOfYear toDayOfMonth toDayOfWeek toDaysInMonth toHour toMinute toSecond toMillisecond toYYYYMM
    toYYYYMMDD toYYYYMMDDhhmmss YEAR QUARTER MONTH WEEK DAY DAYOFWEEK DAYOFMONTH DAYOFYEAR HOUR MINUTE SECOND
    addYears addQuarters addMonths addWeeks addDays addHours addMinutes addSeconds addMilliseconds addInterval
    subtractYears subtractQuarters subtractMonths subtractWeeks subtractDays subtractHours subtractMinutes
    subtractSeconds subtractMilliseconds subtractInterval toIntervalYear toIntervalQuarter toIntervalMonth
    toIntervalWeek toIntervalDay toIntervalHour toIntervalMinute toIntervalSecond toIntervalMillisecond
    toUnixTimestamp64Second toUnixTimestamp64Milli toUnixTimestamp64Micro fromUnixTimestamp fromUnixTimestamp64Second
    fromUnixTimestamp64Milli fromUnixTimestamp64Micro toRelativeDayNum toRelativeHourNum toRelativeMinuteNum
    parseDateTimeBestEffort parseDateTimeBestEffortOrNull parseDateTimeBestEffortOrZero parseDateTime64BestEffort
    parseDateTime64BestEffortOrNull parseDateTime64BestEffortOrZero DATE timestamp
"""
_TEXT = """
    length lengthUTF8 char_length empty notEmpty lower upper lowerUTF8 upperUTF8 initcap initcapUTF8 reverse reverseUTF8
    substring substr mid substringUTF8 left right leftUTF8 rightUTF8
    trim trimBoth trimLeft trimRight ltrim rtrim startsWith endsWith position positionCaseInsensitive positionUTF8
    positionCaseInsensitiveUTF8 replace replaceAll replaceOne replaceRegexpAll replaceRegexpOne translate
    match extract extractAll extractGroups countSubstrings countSubstringsCaseInsensitive hasToken
    hasTokenCaseInsensitive multiSearchAny multiSearchAnyCaseInsensitive concatWithSeparator concat_ws
    splitByChar splitByString splitByWhitespace splitByNonAlpha alphaTokens arrayStringConcat
    toValidUTF8 isValidUTF8 normalizeUTF8NFC base64Encode base64Decode tryBase64Decode domain path toTypeName
    JSONHas JSONLength JSONKey JSONType JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool
    JSONExtractString JSONExtractRaw JSONExtractArrayRaw JSONExtractKeysAndValuesRaw JSONExtractKeys JSON_VALUE
    JSON_QUERY JSON_EXISTS isValidJSON simpleJSONHas simpleJSONExtractInt simpleJSONExtractUInt simpleJSONExtractFloat
    simpleJSONExtractBool simpleJSONExtractString simpleJSONExtractRaw toJSONString
"""
_ARRAYS = """
    arrayJoin unnest arrayMap arrayFilter arrayCount arrayExists arrayAll arrayFirst arrayFirstIndex arrayLast
    arrayFirstOrNull arrayLastOrNull arrayLastIndex arraySum arrayAvg arrayMin arrayMax arrayProduct arraySort
    arrayReverseSort arrayReverse arrayDistinct arrayUniq arrayConcat arraySlice arrayPushBack arrayPushFront
    arrayPopBack arrayPopFront arrayCumSum arrayDifference arrayEnumerate arrayEnumerateUniq arrayCompact
    arrayFlatten arrayZip arrayWithConstant arrayResize arraySplit arrayFill has hasAll hasAny
    indexOf countEqual range
"""
_TYPES = """
    String Date Date32 DateTime DateTime64 Bool UUID
    UInt8 UInt16 UInt32 UInt64 Int8 Int16 Int32 Int64 Float32 Float64 Decimal32 Decimal64 Decimal128
"""
_AGGREGATES = """
    count min max sum avg any anyLast any_value first_value last_value argMin argMax sumWithOverflow sumKahan sumCount
    uniq uniqExact uniqCombined uniqCombined64 uniqHLL12 uniqUpTo groupArray groupUniqArray groupConcat group_concat
    groupArraySample groupArrayLast groupArraySorted groupBitAnd groupBitOr groupBitXor array_agg string_agg median
    quantile quantiles quantileExact quantilesExact quantileExactLow quantileExactHigh quantileTDigest quantilesTDigest
    quantileTiming quantilesTiming quantileDeterministic medianExact medianTDigest topK topKWeighted stddevPop
    stddevSamp varPop varSamp stddev_pop stddev_samp var_pop var_samp covarPop covarSamp corr skewPop skewSamp kurtPop
    kurtSamp avgWeighted simpleLinearRegression entropy retention windowFunnel sequenceMatch
    sequenceCount histogram exponentialMovingAverage intervalLengthSum maxIntersections maxIntersectionsPosition
    deltaSum deltaSumTimestamp boundingRatio singleValueOrNull grouping
"""
_WINDOWS = """
    row_number rank dense_rank denseRank percent_rank percentRank cume_dist ntile nth_value lag lead lagInFrame
    leadInFrame nonNegativeDerivative
"""
_COMBINATORS = re.compile("(if|array|distinct|ornull|ordefault|foreach)$")


def function(name: str) -> bool:
    """True for a function that stays inside the query: no files, no network, no settings, no other table.

    Also none whose cost for one row is more than about linear in its size: the engine stops between blocks of rows,
    not inside a function. The case of letters does not matter, as for many functions of the engine.
    """
    lowered = name.lower()
    if lowered in _FUNCTIONS:
        return True
    while found := _COMBINATORS.search(lowered):
        lowered = lowered[: found.start()]
        if lowered in _AGGREGATING:
            return True
    return False


def tables(unlimited: bool) -> frozenset[str]:
    """The names that may stand where a table may."""
    return TABLES | UNLIMITED_TABLES if unlimited else TABLES


def _names(*families: str) -> frozenset[str]:
    return frozenset(name.lower() for family in families for name in family.split())


SUBJECT_AT = dict.fromkeys(
    _names(
        """
        like notLike ilike notILike match extract extractAll extractGroups replace replaceAll replaceOne
        replaceRegexpAll replaceRegexpOne position positionCaseInsensitive positionUTF8 positionCaseInsensitiveUTF8
        countSubstrings countSubstringsCaseInsensitive hasToken hasTokenCaseInsensitive multiSearchAny
        multiSearchAnyCaseInsensitive substringUTF8 leftUTF8 rightUTF8 transform
        JSONHas JSONLength JSONKey JSONType JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool
        JSONExtractString JSONExtractRaw JSONExtractArrayRaw JSONExtractKeysAndValuesRaw JSONExtractKeys JSON_VALUE
        JSON_QUERY JSON_EXISTS simpleJSONHas simpleJSONExtractInt simpleJSONExtractUInt simpleJSONExtractFloat
        simpleJSONExtractBool simpleJSONExtractString simpleJSONExtractRaw
        """
    ),
    0,
) | dict.fromkeys(_names("splitByString splitByChar"), 1)
"""Function → the one argument that may be anything; it is searched, and the others must be short and written out.

The cost of one call is the product of both sizes, or one constant text is searched anew for every row; and nothing
stops the engine inside a call.
"""
ONE_SHORT = _names("has hasAll hasAny indexOf countEqual")
"""Of these, at least one argument must be short and written out, for the same reason."""
LONGEST_LITERAL = 1000
"""Characters of what must be short."""

_CONVERSIONS = " ".join(f"to{name}{end}" for name in _TYPES.split() for end in ("", "OrNull", "OrZero"))
_AGGREGATING = _names(_AGGREGATES)
_FUNCTIONS = _AGGREGATING | _names(_OPERATORS, _NUMBERS, _TIMES, _TEXT, _ARRAYS, _WINDOWS, _CONVERSIONS)
