---@meta syncsim
-- Annotations of the scenario API for the Lua language server. README.md of the folder above says what it all means; a test
-- holds this file, that one and the code together.

---@alias Duration string a number with its unit (ns us ms s min h d), as in "250 ms" or "1 h 30 min"
---@alias ColumnType "string"|"integer"|"number"|"boolean"|"datetime"|"bytes"
---@alias Code "invalid"|"state"|"schema"|"not_found"|"exists"|"store"|"network"|"timeout"|"auth"|"http"|"conflict"|"push_failed"|"cancelled"|"crashed"|"limit"
---@alias Dialect "mobile-services"|"mobile-apps"|"mobile-apps-js"|"mobile-apps-android"|"mobile-apps-ios"|"datasync"|"toolkit-9.0.0"|"toolkit-9.0.4"|"toolkit"|"app-service-helpers"|"app-service-helpers-promised"|"sound"
---@alias ServerDialect "node"|"netfx"|"datasync"|"toolkit"|"sound"
---@alias Checker "convergence"|"durability"|"queue_order"|"single_insert"|"pull_completeness"|"version_monotone"|"stuck"|"lost_update"|"resurrection"|"read_your_writes"|"monotonic_reads"|"conditional_write"|"strong_convergence"|"token_monotone"|"push_liveness"|"queue_bound"|"quiescence"|"purge_safety"|"intention"|"monotonic_writes"|"writes_follow_reads"|"causal_consistency"|"collapse"|"idempotence"|"invariant"|"clock_sanity"
---@alias PolicyName "client_wins"|"server_wins"|"latest_wins"|"latest_wins_hlc"|"latest_wins_lamport"|"latest_wins_server"|"first_wins"|"delete_wins"|"update_wins"|"site_priority"|"field_merge"|"automerge_aws"|"watermelon"|"couch_rev"|"cbl_mwu"|"realm_ot"|"keep_both"|"park"|"hold"|"fail"|"fww_then_queue"
---@alias FieldPolicy string|{ [1]: string, low?: integer, high?: integer, order?: string[] }
---@alias PolicyClock "edit"|"wall"|"hlc"|"lamport"|"server"

---@class PolicyOptions
---@field [1] PolicyName|"chain"|"limit"|"audit"
---@field clock? PolicyClock
---@field otherwise? PolicyName|PolicyOptions
---@field sites? string[]
---@field columns? table<string, FieldPolicy>
---@field default? FieldPolicy
---@field groups? string[][]
---@field deletes? PolicyName|PolicyOptions
---@field rounds? integer

---@class InboxEntry
---@field state "parked"|"held"|"logged"
---@field kind "insert"|"update"|"delete"
---@field table string
---@field id string
---@field reason string
---@field by string
---@field status integer
---@field base? Row
---@field client? Row
---@field server? Row
local InboxEntry = {}
---@param row Row
---@return boolean? good, string? message, string? code
function InboxEntry:use(row) end
---@return boolean? good, string? message, string? code
function InboxEntry:dismiss() end
---@alias PolicyAnswer "client"|"server"|"nothing"|"abort"|"fail"|Row
---@alias Policy fun(conflict: Conflict): PolicyAnswer?
---@alias Row table<string, any> a row by column name; null is sim.null

---@class TableOptions
---@field columns table<string, ColumnType>
---@field defaults? table<string, any> what a new object of the app's class has, by column
---@field soft_delete? boolean the server marks instead of removing; default by dialect
---@field version? boolean false: the clients have no version column
---@field page_size? integer of the server's pages; default: the server's
---@field max_top? integer a larger $top is a 400; default by dialect
---@field dynamic_schema? boolean a write with a column that the table lacks adds it; default by dialect
---@field disabled? ("read"|"insert"|"update"|"delete"|"undelete")[] 405
---@field authorize? boolean nobody logged in: 401
---@alias Tables table<string, table<string, ColumnType>|TableOptions>

---@class Find
---@field checker Checker
---@field row? string
---@field host? string

---@class Combination
---@field client Dialect
---@field server? ServerDialect
---@field finds? Find|Find[] instead of the story's

---@class ScenarioOptions
---@field name string one claim, as a sentence
---@field tables Tables
---@field server? ServerOptions
---@field finds? Find|Find[] stories only: exactly these findings must appear
---@field dialects? "all"|Dialect|(Dialect|Combination)[] each is a run of its own
---@field run fun(world: World)

---@class ServerOptions
---@field dialect? ServerDialect
---@field store? "memory"|"sqlite"
---@field page_size? integer
---@field notify? boolean
---@field workers? integer
---@field service? Duration
---@field commit? Duration
---@field commit_spread? Duration
---@field clock? { offset?: Duration, drift_ppm?: integer, resolution?: Duration }
---@field weather? string|WeatherOptions
---@field instances? { offset?: Duration, drift_ppm?: integer, resolution?: Duration }[]
---@field tables? Tables
---@field delete_stamps? boolean
---@field mend_links? boolean the links of dialect node lead nowhere, unless a proxy mends them

---@class WeatherOptions
---@field net_latency? Duration the least time that a message takes, one way
---@field net_latency_spread? Duration drawn on top of it
---@field net_request_lost? integer per mille
---@field net_response_lost? integer per mille
---@field net_notice_lost? integer per mille

---@class ClientOptions
---@field name string
---@field dialect? Dialect
---@field store? "memory"|"sqlite"|LuaStore
---@field policy? PolicyName|PolicyOptions|Policy|table<string, PolicyName|PolicyOptions|Policy>
---@field handler? fun(op: Operation): any
---@field on_error? fun(problem: Conflict): PolicyAnswer?
---@field on_push_complete? fun(result: PushResult): boolean?
---@field auto_sync? boolean|"unmetered"
---@field parallel? integer operations of a push at once
---@field pull_on_notice? boolean
---@field tables? Tables
---@field online? boolean
---@field metered? boolean
---@field group? string devices of one group have their outages at the same times
---@field started? boolean
---@field latency? Duration
---@field latency_spread? Duration
---@field timeout? Duration
---@field weather? string|WeatherOptions
---@field clock? { offset?: Duration, drift_ppm?: integer, resolution?: Duration, zone?: Duration }
---@field stamp? "wall"|"local"|"hlc"|"lamport"
---@field backup? Backup
---@field power_loss? boolean its disk remembers what was not synced, so that crash { power = ... } can lose it
---@field journal_mode? string
---@field synchronous? string

---@class LuaStore
---@field define fun(table: string, columns: table<string, ColumnType>)
---@field begin fun()
---@field commit fun()
---@field rollback fun()
---@field read fun(table: string, id: string): Row?
---@field rows fun(table: string): Row[]
---@field write fun(table: string, row: Row)
---@field remove fun(table: string, id: string)

---@class Query
---@field where? table<string, any> all must hold; any = { {...}, {...} }; ["not"] = {...}
---@field order? string|string[]
---@field skip? integer
---@field top? integer
---@field select? string|string[]
---@field include_deleted? boolean server and remote tables

---@class PullOptions
---@field table string
---@field where? table<string, any>
---@field query_id? string
---@field push_other_tables? boolean
---@field write_interval? integer datasync: rows between two writes of the token
---@field page_size? integer
---@field order? string|string[]
---@field top? integer
---@field skip? integer
---@field select? string|string[]

---@class PurgeOptions
---@field table string
---@field where? table<string, any>
---@field query_id? string
---@field force? boolean
---@field reset_associated_queries? boolean of `datasync`: the tokens of all query ids of the table
---@field order? string|string[]
---@field top? integer
---@field skip? integer
---@field select? string|string[]

---@class UsersOptions
---@field clients integer|Client[]
---@field per_user? integer
---@field within? Duration
---@field rows? integer
---@field mix? { insert?: integer, update?: integer, delete?: integer, sync?: integer }
---@field client? ClientOptions
---@field sessions? { per_day?: integer, hour?: integer, length?: Duration, edits?: integer, offline?: integer }
---@field zipf? number
---@field own? integer per mille
---@field burst? integer per mille
---@field undo? integer per mille
---@field kinds? table<string, "independent"|"check-list"|"counter"|"form"|"notes"|"parent-child">
---@field fields? table<string, table<string, integer>>
---@field outages? { every: Duration, lasting: Duration }
---@field crashes? integer

---@class PushResult
---@field status string "Complete", "CancelledByNetworkError"...
---@field completed integer
---@field errors Problem[]

---@class Conflict
---@field kind "insert"|"update"|"delete"
---@field table string
---@field id string
---@field status integer
---@field base Row?
---@field client Row?
---@field server Row?
---@field attempt integer
local Conflict = {}
function Conflict:cancel() end
---@param row Row
function Conflict:cancel_and_update(row) end
function Conflict:cancel_and_discard() end
---@param row Row
function Conflict:update(row) end
function Conflict:retry() end
---@param kind "insert"|"update"|"delete"
---@param row? Row
function Conflict:change_action(kind, row) end

---@class Counts
---@field operations integer
---@field pushes integer
---@field pulls integer
---@field conflicts integer
---@field faults integer
---@field messages integer
---@field crashes integer

---Nothing passes between these devices and the server, either way, and nobody is told.
---@param clients Client[]
function World:partition(clients) end
---They lose the server one after another in a drawn order, and have it back in another.
---@param options { clients: Client[], pause?: string }
function World:swizzle(options) end

---@class World
---@field server Server
local World = {}
---@param options ClientOptions
---@return Client
function World:client(options) end
---@param client Client
---@return Link
function World:link(client) end
---@param duration Duration
function World:sleep(duration) end
---@return integer
function World:now_ns() end
---@return Dialect
function World:dialect() end
---@param time Duration since the start
---@param fn fun()
---@return Task
function World:at(time, fn) end
---@param fn fun(...): ...
---@return Task
function World:spawn(fn, ...) end
---@param list fun()[]
function World:together(list) end
---@return boolean? settled
---@return string? message
---@return Code? code
function World:settle() end
---@param fn fun(): boolean
---@param within Duration
function World:eventually(fn, within) end
---@param fn fun(): boolean
function World:always(fn) end
---@class InvariantOptions
---@field name string
---@field at? "commit"|"pull"|"rest"
---@field check fun(read: fun(table: string): Row[], where: string): boolean, string?
---@param options InvariantOptions
function World:invariant(options) end
---@param text string
function World:note(text) end
---@param name string
---@param n integer
---@param ... integer|string the key
---@return integer
function World:choose(name, n, ...) end
---@param options UsersOptions
function World:users(options) end
---@return Counts
function World:counts() end

---@class Link
local Link = {}
---@param options { what: "request"|"response"|"notice"|"body", count?: integer }
---@return Link
function Link:drop_next(options) end

---The next messages that the fault hits meet it: "request-refused", "response-reset", "portal"...
---@param options { fault: string, count?: integer }
---@return Link
function Link:fail_next(options) end

---What goes this way vanishes; both ways when nothing is said.
---@param options? { up?: boolean, down?: boolean }
---@return Link
function Link:block(options) end

---@return Link
function Link:unblock() end

---What is sent from now on arrives no earlier than that.
---@param span string
---@return Link
function Link:clog(span) end

---@class LatencyDistribution one of these, one way; the rest are its parameters
---@field constant? Duration
---@field uniform? Duration[] the least and the most
---@field exponential? Duration its mean
---@field lognormal? Duration its median
---@field sigma? integer of a lognormal one, thousandths
---@field pareto? Duration from there on
---@field exponent? integer of a Pareto one, thousandths
---@field recorded? Duration[] each as likely
---@field mixture? LatencyDistribution[]
---@field weight? integer in a mixture
---@field limit? Duration

---@param least Duration|LatencyDistribution
---@param spread? Duration
---@return Link
function Link:latency(least, spread) end
---@param rates string|WeatherOptions
---@return Link
function Link:weather(rates) end

---@class Task
local Task = {}
function Task:join() end
---Cancels the push or pull that it waits for; false: it waits for none.
---@return boolean
function Task:cancel() end

---@class Client
---@field name string
local Client = {}
---@param name string
---@return Table
function Client:table(name) end
---@param name string
---@return Remote
function Client:remote(name) end
---@return InboxEntry[]? entries
---@return string? message
---@return Code? code
function Client:inbox() end
---@param ... string tables; none: all
---@return PushResult? result
---@return string? message
---@return Code? code
---@return PushResult? failed
function Client:push(...) end
---@param what string|PullOptions
---@return integer? rows
---@return string? message
---@return Code? code
---@return PushResult? push
function Client:pull(what) end
---@param what string|PurgeOptions
---@return integer? rows
---@return string? message
---@return Code? code
function Client:purge(what) end
---@return PushResult? result
---@return string? message
---@return Code? code
---@return PushResult? failed
function Client:sync() end
---@param table? string
---@return integer
function Client:pending(table) end
---@return { kind: string, state: string, table: string, id: string, sequence: integer, version: integer }[]
function Client:queue() end
---@return { method: string, table: string, id: string, if_match: string, row: Row?, attempt: integer, status: integer, result: string?, sent_ns: integer, answered_ns: integer? }[]
function Client:traffic() end
---@return { event: string, table: string, id: string, processed: integer, queue: integer, successful: boolean? }[]
function Client:progress() end
---@return boolean
function Client:up() end
function Client:offline() end
function Client:online() end
---@param metered boolean
function Client:metered(metered) end
---Whose token its requests carry from now on; the store, and what is pending in it, stays as it is.
---@param user string
function Client:login(user) end
function Client:logout() end
---@alias PowerLoss "all"|"later"|"earlier"|"some"|"torn"|"content"|"names"
---@param options? { power: PowerLoss }
function Client:crash(options) end
function Client:stop() end
---@return Backup? backup
---@return string? message
---@return Code? code
function Client:backup() end
---@param backup Backup
---@return boolean? started
---@return string? message
---@return Code? code
function Client:restore(backup) end
---@return boolean? started
---@return string? message
---@return Code? code
function Client:reinstall() end
---@param options? { grace?: Duration, clock_stands?: boolean } until the process is frozen: ten seconds
function Client:suspend(options) end
function Client:resume() end
---@return boolean? started
---@return string? message
---@return Code? code
function Client:start() end
---@param options? { tables: table } another version of the app, over the same store
---@return boolean? started
---@return string? message
---@return Code? code
function Client:restart(options) end
---@param options { write?: integer, change?: integer, power?: PowerLoss }
function Client:crash_at(options) end
---@param options { write?: integer, change?: integer, lock?: integer, read?: integer, fault?: "failed"|"full"|"short" }
function Client:fail_at(options) end
---@param options { read?: Duration, write?: Duration, commit?: Duration } what these take, in virtual time, from now on
function Client:disk(options) end
---@param options { set?: string, step?: Duration, drift_ppm?: integer, slew_ppm?: integer, zone?: Duration }
function Client:clock(options) end

---@class Backup what a store held: of a device or of the server

---@class Table
local Table = {}
---@param row Row
---@return Row? row
---@return string? message
---@return Code? code
function Table:insert(row) end
---@param row Row
---@return Row? row
---@return string? message
---@return Code? code
function Table:update(row) end
---@param what string|Row
---@return boolean? deleted
---@return string? message
---@return Code? code
function Table:delete(what) end
---@param id string
---@return Row? row
---@return string? message
---@return Code? code
function Table:lookup(id) end
---@param query? Query
---@return Row[]? rows
---@return string? message
---@return Code? code
function Table:read(query) end
---@param query? Query
---@return integer? count
---@return string? message
---@return Code? code
function Table:count(query) end
---@param id string server tables
---@return Row? row
---@return string? message
---@return Code? code
function Table:undelete(id) end
---@param what string|Row server tables: behind the server's back
---@return boolean? removed
---@return string? message
---@return Code? code
function Table:hard_delete(what) end

---@class Remote: Table
local Remote = {}
function Remote:insert(row) end
function Remote:update(row) end
function Remote:delete(what) end
function Remote:lookup(id) end
function Remote:read(query) end
function Remote:count(query) end
function Remote:undelete(id) end

---@class Problem
---@field kind string
---@field table string
---@field id string
---@field status integer
---@field item Row?
---@field server Row?
---@field operation integer
---@field version integer
local Problem = {}
---@param row Row
function Problem:cancel_and_update(row) end
function Problem:cancel_and_discard() end
---@param row Row
function Problem:update_operation(row) end
function Problem:cancel() end
---@param kind "insert"|"update"|"delete"
---@param row? Row
function Problem:change_action(kind, row) end

---@class Operation
---@field kind "insert"|"update"|"delete"
---@field table string
---@field id string
---@field item Row what is sent; change it
local Operation = {}
---@return Row? row
---@return { status: integer, server: Row?, base: Row?, code: Code }? problem
function Operation:execute() end
function Operation:abort() end
---@return any failure to be returned by the handler
function Operation:fail() end

---@class Server
local Server = {}
---@param name string
---@return Table
function Server:table(name) end
function Server:crash() end
function Server:restart() end
---@return Backup? backup
---@return string? message
---@return Code? code
function Server:backup() end
---@param backup Backup
---@return boolean? restarted
---@return string? message
---@return Code? code
function Server:restore(backup) end
---@param backup Backup
---@return boolean? restarted
---@return string? message
---@return Code? code
function Server:fail_over(backup) end
---Another version of its app is installed over the same data: it dies, and starts with these tables.
---@param options { tables: table<string, table> }
---@return boolean|nil ok, string? message, Code? code
function Server:migrate(options) end
---@param options? { older?: Duration }
---@return integer? count
---@return string? message
---@return Code? code
function Server:clean_tombstones(options) end
---@param duration Duration
function Server:maintenance(duration) end
---@param options { requests: integer, per?: Duration }|false
function Server:throttle(options) end
---@param options { instance?: integer, set?: string, step?: Duration, drift_ppm?: integer, slew_ppm?: integer, zone?: Duration }
function Server:clock(options) end
---@return { method: string, table: string, id: string, status: integer, if_match: string, from: string, rows: integer, query: string, time_ns: integer }[]
function Server:requests() end
---@param on boolean|{ coalesce?: Duration, burst?: Duration }
function Server:notify(on) end
---HTTP as text, at once and outside the network; names of headers come back in lower case.
---@param request { method: string, path: string, headers?: table<string, string>, body?: string }
---@return { status: integer, headers: table<string, string>, body: string }? response
---@return string? message
---@return Code? code
function Server:http(request) end

---@class Expectation
local Expectation = {}
---@param reason string
---@return Expectation
function Expectation:why(reason) end
---@return Expectation
function Expectation:equals(wanted) end
---@return Expectation
function Expectation:is_nil() end
---@return Expectation
function Expectation:is_true() end
---@return Expectation
function Expectation:is_false() end
---@param n number
---@return Expectation
function Expectation:at_least(n) end
---@param n number
---@return Expectation
function Expectation:at_most(n) end
---@return Expectation
function Expectation:contains(wanted) end
---@param fields table<string, any>
---@return Expectation
function Expectation:has(fields) end
---@param n integer
---@return Expectation
function Expectation:has_length(n) end
---@param pattern string
---@return Expectation
function Expectation:matches(pattern) end

local sim = {}
---@param options ScenarioOptions
function sim.story(options) end
---@param options ScenarioOptions
function sim.world(options) end
---@param value PolicyName|PolicyOptions
---@return PolicyOptions
function sim.policy(value) end
---@return Expectation
function sim.expect(value) end
---@param code Code
---@param value any
---@param message? string
---@param actual_code? Code
---@return string message
function sim.fails(code, value, message, actual_code) end

---The choices of a reproduction, as `syncsim shrink` writes them: from now on nothing is drawn but these; with a
---window the order of events that close to each other is among them.
---@param choices { [integer]: string, window?: string }
function sim.choose(choices) end
---Demands that it happens in some run of a sweep: a class of events ("a response was lost after the commit"), or, with a
---condition, that this is reached with it being true. A sweep in which it never happens exits with 6.
---@param text string
---@param condition? any
function sim.sometimes(text, condition) end
---@type any
sim.null = nil
---@param text string
---@return any datetime
function sim.time(text) end
---@param value any
---@return string
function sim.time_text(value) end

return sim
