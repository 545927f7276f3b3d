-- The annual report, counted in plain SQL (SQLite) from the written rules alone.
--
-- Given:  entry(position, stream, seq, kind, occurred_on, recorded_at, payload)   what the ledger holds
--         asked(year)                                                             the years wanted
--         sealed(year, head)      years whose report is closed, with the last position that it knew
-- Gives:  cells(form, year, path, value), section_six(year, …), beside(year, name, number), and behind(form, year, path, thing) with one
--         row for each case, proceeding or document act that a cell counts.
--
-- Above each query stands the sentence that it carries out, from "Counting rules of the annual report"
-- (C), "Letters, cases, events and clocks" (E), "The annual report: keys" (F) or the law reference, 2 (L).

-- === What was known, and when ===========================================================================

-- C, Reporting year: "an act whose legal date lies in a year whose report is already sealed counts in the
--    first year not yet sealed". A stage is the ledger as a sealing found it (and, last, as it is now): what
--    is new in it counts from `floor` on, and what lies in `last` or before is closed from then on.
CREATE TEMP TABLE stage AS
WITH closing AS (
    SELECT year, head FROM sealed UNION ALL SELECT 9999, (SELECT COALESCE(MAX(position), 0) FROM entry)
)
SELECT row_number() OVER (ORDER BY year) AS stage, head, year AS last,
       COALESCE(LAG(year) OVER (ORDER BY year) + 1, 0) AS floor
FROM closing;

-- E: "entry.corrected | seq, reason, replacement or null | the named entry is read as replaced or void".
CREATE TEMP TABLE correction AS
SELECT stream, seq AS made_at, position, json_extract(payload, '$.seq') AS seq,
       json_type(payload, '$.replacement') IS NOT 'object' AS void,
       json_extract(payload, '$.replacement.occurred_on') AS occurred_on,
       json_extract(payload, '$.replacement.payload') AS payload
FROM entry WHERE kind = 'entry.corrected';
CREATE INDEX temp.by_entry ON correction (stream, seq, made_at);

CREATE TEMP TABLE seen AS
SELECT t.stage, t.floor, t.last, stream, seq, kind,
       COALESCE((SELECT c.occurred_on FROM correction c
                 WHERE c.stream = e.stream AND c.seq = e.seq AND c.position <= t.head
                   AND c.occurred_on IS NOT NULL
                 ORDER BY c.made_at DESC LIMIT 1), occurred_on) AS occurred_on,
       COALESCE((SELECT c.payload FROM correction c
                 WHERE c.stream = e.stream AND c.seq = e.seq AND c.position <= t.head
                   AND c.payload IS NOT NULL
                 ORDER BY c.made_at DESC LIMIT 1), payload) AS payload
FROM stage t JOIN entry e ON e.position <= t.head
WHERE kind <> 'entry.corrected'
  AND NOT EXISTS (SELECT 1 FROM correction c
                  WHERE c.stream = e.stream AND c.seq = e.seq AND c.position <= t.head AND c.void);
CREATE INDEX temp.by_kind ON seen (kind, stream, seq);

-- Acts that count each for itself, once: as the first report to count them knew them.
CREATE TEMP TABLE act AS
WITH dated AS (
    SELECT *, MAX(floor, CAST(substr(COALESCE(json_extract(payload, '$.on'), occurred_on), 1, 4) AS INTEGER))
           AS year
    FROM seen
    WHERE kind LIKE 'remedy.%' OR kind LIKE '%document%'
       OR kind IN ('decisions.counted', 'charges.collected', 'fee.notified', 'fee.paid')
),
once AS (SELECT *, row_number() OVER (PARTITION BY stream, seq ORDER BY stage) AS nth FROM dated
         WHERE year <= last)
SELECT stream, seq, kind, occurred_on, payload, year FROM once WHERE nth = 1;
CREATE INDEX temp.act_by_kind ON act (kind, stream, seq);

-- === Cases ==============================================================================================

-- C: "A request belongs to the year of its receipt"; "Cases after splitting, not letters"; "Submitted but
--    not confirmed at year end: next year" (request.submitted gives no receipt).
-- E: "opening.case | received_on, applicant_kind | a case that was open before the ledger began; counted";
--    "case.split | a case split from a letter; receipt date copied".
-- C: "Applicant column: the principal's, not the agent's" (applicant_kind of the receipt).
CREATE TEMP TABLE receipt AS
WITH said AS (
    SELECT stage, floor, last, stream, seq,
           CASE kind WHEN 'request.received' THEN occurred_on
                     ELSE json_extract(payload, '$.received_on') END AS received_on,
           json_extract(payload, '$.applicant_kind') AS applicant
    FROM seen WHERE kind IN ('opening.case', 'request.received', 'case.split')
),
first_said AS (
    SELECT *, MAX(floor, CAST(substr(received_on, 1, 4) AS INTEGER)) AS year,
           row_number() OVER (PARTITION BY stage, stream ORDER BY seq) AS nth
    FROM said WHERE received_on IS NOT NULL
),
-- C, Reporting year: "so carried in of a year is always the sealed carried out of the year before, by
--    applicant column": what a sealed report has counted stays, whatever is corrected later.
once AS (SELECT *, row_number() OVER (PARTITION BY stream ORDER BY stage) AS report FROM first_said
         WHERE nth = 1 AND year <= last)
SELECT stream, received_on, applicant, year, stage FROM once WHERE report = 1;

-- C: "an outcome [belongs] to the year of reply.issued or request.withdrawn".
-- C: "Handled anew after a revocation: neither new nor a second outcome; the first year's outcome stands."
--    So only the first of them in a case tells.
-- C: "Withdrawn, applicant gone, terminated -> other_other".
-- E: "request.withdrawn | by item or whole"; an item given up leaves the case as it is.
CREATE TEMP TABLE ending AS
WITH said AS (
    SELECT stage, floor, last, stream, occurred_on,
           CASE kind WHEN 'request.withdrawn' THEN 'other_other'
                     ELSE json_extract(payload, '$.outcome') END AS outcome,
           kind = 'reply.issued' AS by_reply,
           row_number() OVER (PARTITION BY stage, stream ORDER BY occurred_on, seq) AS nth
    FROM seen
    WHERE kind = 'reply.issued'
       OR (kind = 'request.withdrawn' AND COALESCE(json_extract(payload, '$.scope'), 'whole') <> 'item')
),
dated AS (
    SELECT s.stage, s.last, s.stream, s.occurred_on, s.outcome, s.by_reply,
           MAX(s.floor, r.year, CAST(substr(s.occurred_on, 1, 4) AS INTEGER)) AS year
    FROM said s JOIN receipt r ON r.stream = s.stream AND r.stage <= s.stage
    WHERE nth = 1
),
once AS (SELECT *, row_number() OVER (PARTITION BY stream ORDER BY stage) AS report FROM dated
         WHERE year <= last)
SELECT stream, occurred_on, outcome, year, by_reply FROM once WHERE report = 1;

-- === Table 3 ============================================================================================

-- F: rows and columns "in order". L 2.4: in the form of 2019 "one row" in place of the three of 2021.
CREATE TEMP TABLE outcome (outcome);
INSERT INTO outcome VALUES
    ('granted'), ('partial'),
    ('denied_state_secret'), ('denied_law_forbids'), ('denied_three_securities'), ('denied_third_party'),
    ('denied_internal'), ('denied_process'), ('denied_enforcement_file'), ('denied_inquiry'),
    ('unavailable_not_held'), ('unavailable_needs_creation'), ('unavailable_still_unclear'),
    ('rejected_petition'), ('rejected_repeat'), ('rejected_publication'), ('rejected_excessive'),
    ('rejected_reissue'),
    ('other_no_correction'), ('other_unpaid'), ('other_other');
CREATE TEMP TABLE form_row (form, outcome, name);
INSERT INTO form_row SELECT '2021', outcome, outcome FROM outcome;
INSERT INTO form_row
SELECT '2019', outcome, CASE WHEN outcome LIKE 'other%' THEN 'other' ELSE outcome END FROM outcome;
CREATE TEMP TABLE applicant (name);
INSERT INTO applicant VALUES ('natural_person'), ('business'), ('research'), ('public_interest'),
                             ('legal_service'), ('other');

CREATE TEMP TABLE request_row AS
-- L 2.1: "new".  C: "A request belongs to the year of its receipt".
SELECT f.form, a.year, 'new' AS name, r.applicant, r.stream
FROM (SELECT DISTINCT form FROM form_row) f, asked a JOIN receipt r ON r.year = a.year
UNION ALL
-- C: "carried in of a year is always the sealed carried out of the year before, by applicant column".
--    L 2.3: "a request received last year but decided this year: in carried_in" - and any year before.
SELECT f.form, a.year, 'carried_in', r.applicant, r.stream
FROM (SELECT DISTINCT form FROM form_row) f, asked a JOIN receipt r ON r.year < a.year
LEFT JOIN ending e ON e.stream = r.stream
WHERE e.year IS NULL OR e.year >= a.year
UNION ALL
-- L 2.3: "and its result among this year's results"; "one request = one result row (the one decision)".
--    C: "Partial disclosure only in its own row": the outcome alone tells the row, never the parts.
SELECT f.form, a.year, f.name, r.applicant, r.stream
FROM asked a JOIN ending e ON e.year = a.year JOIN receipt r ON r.stream = e.stream
JOIN form_row f ON f.outcome = e.outcome
UNION ALL
-- L 2.2, A2: "per column: total = sum of leaf results".
SELECT f.form, a.year, 'total', r.applicant, r.stream
FROM asked a JOIN ending e ON e.year = a.year JOIN receipt r ON r.stream = e.stream
JOIN form_row f ON f.outcome = e.outcome
UNION ALL
-- L 2.3: "not decided by 31 Dec -> carried_out".  C: "Awaiting a correction at 31 December: carried out".
SELECT f.form, a.year, 'carried_out', r.applicant, r.stream
FROM (SELECT DISTINCT form FROM form_row) f, asked a JOIN receipt r ON r.year <= a.year
LEFT JOIN ending e ON e.stream = r.stream
WHERE e.year IS NULL OR e.year > a.year;

-- === Table 4 ============================================================================================

-- C: "One proceeding at one stage is one case"; "Reconsideration and then litigation: one in each block";
--    "First and second instance: one case". A case of Table 4 is therefore what bears one reference in one
--    block, whatever its instances, and however many requests it is about.
CREATE TEMP TABLE filing AS
SELECT json_extract(payload, '$.remedy') AS remedy, json_extract(payload, '$.kind') AS block,
       CASE json_extract(payload, '$.instance') WHEN 'second' THEN 2 WHEN 'retrial' THEN 3 ELSE 1 END AS nth,
       json_extract(payload, '$.instance') AS instance, stream, seq, year
FROM act WHERE kind = 'remedy.filed';

-- E: "remedy.filed / .decided | remedy, kind; instance; result": a decision that names no instance is that
--    of the last one filed before it.
CREATE TEMP TABLE decision AS
WITH fits AS (
    SELECT f.remedy, f.block, f.nth, MAX(d.year, f.year) AS year, json_extract(d.payload, '$.result') AS result,
           row_number() OVER (PARTITION BY d.stream, d.seq ORDER BY f.seq DESC) AS last
    FROM act d JOIN filing f ON f.stream = d.stream AND f.seq < d.seq
         AND f.remedy = json_extract(d.payload, '$.remedy')
         AND f.block = COALESCE(json_extract(d.payload, '$.kind'), f.block)
         AND COALESCE(f.instance, '') = COALESCE(json_extract(d.payload, '$.instance'), f.instance, '')
    WHERE d.kind = 'remedy.decided'
)
SELECT remedy, block, nth, MIN(year) AS year, result FROM fits WHERE last = 1 GROUP BY remedy, block, nth;

CREATE TEMP TABLE remedy_row AS
WITH reached AS (
    -- Where each proceeding stands on 31 December: at the last instance filed by then.
    SELECT a.year, f.remedy, f.block, MAX(f.nth) AS nth
    FROM asked a JOIN filing f ON f.year <= a.year
    GROUP BY a.year, f.remedy, f.block
),
stands AS (
    SELECT r.year, r.remedy, r.block, d.result, d.year AS decided
    FROM reached r LEFT JOIN decision d
      ON d.remedy = r.remedy AND d.block = r.block AND d.nth = r.nth AND d.year <= r.year
)
-- C: "a remedy [belongs] to the year of its decision"; "by the effective judgment".
--    "Upheld ... Corrected ... Other": the result as entered.
SELECT year, block, result AS name, remedy FROM stands WHERE decided = year
UNION ALL
-- C: "undecided at 31 December = pending, each such year"; "on appeal = pending".
SELECT year, block, 'pending', remedy FROM stands WHERE decided IS NULL
UNION ALL
-- L 2.2, A4: "each total = upheld + corrected + other + pending".
SELECT year, block, 'total', remedy FROM stands WHERE decided = year OR decided IS NULL;

-- === Table 2 ============================================================================================

-- C, Reporting year: what a sealed report has counted stays. So where an ending counted there was made void
-- afterwards, another ending of the same document is no second one. (Otherwise a document ends once anyway.)
CREATE TEMP TABLE document_act AS
WITH said AS (
    SELECT kind AS act, json_extract(payload, '$.kind') AS kind, json_extract(payload, '$.ref') AS ref,
           kind IN ('document.repealed', 'document.lapsed') AS ends, occurred_on, stream, seq, year
    FROM act WHERE kind LIKE 'document.%'
)
SELECT act, kind, ref, occurred_on, stream, seq, year FROM said s
WHERE NOT (ends AND EXISTS (SELECT 1 FROM said b WHERE b.ends AND b.kind = s.kind AND b.ref = s.ref
                                                  AND b.seq < s.seq));

CREATE TEMP TABLE document_kind (kind, prefix);
INSERT INTO document_kind VALUES ('regulation', 'regulations'), ('normative', 'normative');

CREATE TEMP TABLE document_row AS
-- C: "Normative documents: own document number, by date of issue"; "Revised and issued anew: one made".
SELECT a.year, k.prefix || '_made' AS path, d.stream || '#' || d.seq AS thing
FROM asked a JOIN document_act d ON d.year = a.year JOIN document_kind k USING (kind)
WHERE d.act IN ('document.issued', 'document.amended')
UNION ALL
-- C: "Lapsed counts with repealed"; "Revised and issued anew: one made, one repealed".
SELECT a.year, k.prefix || '_repealed', d.stream || '#' || d.seq
FROM asked a JOIN document_act d ON d.year = a.year JOIN document_kind k USING (kind)
WHERE d.act IN ('document.repealed', 'document.lapsed', 'document.amended');

-- C: "In force = stock on 31 December, never by subtraction" of a year's figures from another's: what was in
--    force when the ledger began and has not ended since, and what was issued since and has not ended.
-- E: "opening.documents (kind, in force, on)": the stock of that day, its own acts included. Without it nothing
--    is known to have been in force before, so what ended without having been issued here takes nothing away;
--    and where no act is known either, the cell is blank (F: "a blank cell is null, never 0").
CREATE TEMP TABLE stock_row AS
WITH opening AS (
    SELECT json_extract(payload, '$.kind') AS kind, json_extract(payload, '$.in_force') AS in_force,
           COALESCE(json_extract(payload, '$.on'), occurred_on) AS day
    FROM act WHERE kind = 'opening.documents'
),
begun AS (
    SELECT k.kind, k.prefix, COALESCE(o.in_force, 0) AS in_force, COALESCE(o.day, '') AS day
    FROM document_kind k LEFT JOIN opening o USING (kind)
),
issued_since AS (
    SELECT b.kind, d.ref, d.year FROM begun b
    JOIN document_act d ON d.kind = b.kind AND d.act = 'document.issued' AND d.occurred_on > b.day
),
ended_since AS (
    SELECT b.kind, d.ref, d.year FROM begun b
    JOIN document_act d ON d.kind = b.kind AND d.act IN ('document.repealed', 'document.lapsed')
                       AND d.occurred_on > b.day
)
SELECT a.year, b.prefix || '_valid' AS path,
       CASE WHEN b.day = '' AND NOT EXISTS (SELECT 1 FROM document_act d
                                            WHERE d.kind = b.kind AND d.year <= a.year) THEN NULL ELSE
       MAX(0, b.in_force
       - (SELECT COUNT(*) FROM ended_since e
          WHERE e.kind = b.kind AND e.year <= a.year AND b.day <> ''
            AND NOT EXISTS (SELECT 1 FROM issued_since i WHERE i.kind = e.kind AND i.ref = e.ref))
       + (SELECT COUNT(*) FROM issued_since i
          WHERE i.kind = b.kind AND i.year <= a.year
            AND NOT EXISTS (SELECT 1 FROM ended_since e
                            WHERE e.kind = i.kind AND e.ref = i.ref AND e.year <= a.year))) END AS value
FROM asked a, begun b;

CREATE TEMP TABLE sum_row AS
-- C: "Licences, penalties, coercion: all decisions of the year, published or not".
SELECT a.year, d.name AS path, COALESCE(SUM(json_extract(act.payload, '$.count')), 0) AS value
FROM asked a, (SELECT 'licensing' AS name UNION SELECT 'punishment' UNION SELECT 'coercion') d
LEFT JOIN act ON act.kind = 'decisions.counted' AND json_extract(act.payload, '$.kind') = d.name
             AND act.year = a.year
GROUP BY a.year, d.name
UNION ALL
-- C: "Charges in 万元, net of refunds". Summed in whole fen, so that nothing is lost; the cell is in 万元, a
--    million fen each. How many places are shown the rules do not say: here all of them.
SELECT a.year, 'fees_fen',
       COALESCE(SUM(CAST(ROUND(json_extract(act.payload, '$.amount') * 100) AS INTEGER)), 0)
FROM asked a
LEFT JOIN act ON act.kind = 'charges.collected' AND act.year = a.year
GROUP BY a.year;

-- === Section six ========================================================================================

-- C: "Fee notices issued (cases, amount) and amounts actually collected". A payment that names no amount paid
--    what its notice asked for. Amounts in fen.
CREATE TEMP VIEW section_six AS
WITH fee AS (
    SELECT a.kind, a.year, CAST(ROUND(100 * COALESCE(
               json_extract(a.payload, '$.amount'),
               (SELECT json_extract(n.payload, '$.amount') FROM act n
                WHERE n.stream = a.stream AND n.kind = 'fee.notified' AND n.seq < a.seq
                ORDER BY n.seq DESC LIMIT 1))) AS INTEGER) AS fen
    FROM act a WHERE a.kind IN ('fee.notified', 'fee.paid')
)
SELECT asked.year, COUNT(*) FILTER (WHERE kind = 'fee.notified') AS notices,
       COALESCE(SUM(fen) FILTER (WHERE kind = 'fee.notified'), 0) AS notified,
       COUNT(*) FILTER (WHERE kind = 'fee.paid') AS payments,
       COALESCE(SUM(fen) FILTER (WHERE kind = 'fee.paid'), 0) AS paid
FROM asked LEFT JOIN fee ON fee.year = asked.year
GROUP BY asked.year;

-- === Shown beside the tables ============================================================================

CREATE TEMP VIEW beside AS
-- C: "Submitted but not confirmed at year end: next year, listed".
SELECT a.year, 'submitted_unconfirmed' AS name, COUNT(*) AS number
FROM asked a JOIN seen s ON s.kind = 'request.submitted' AND s.occurred_on <= a.year || '-12-31'
WHERE NOT EXISTS (SELECT 1 FROM receipt r WHERE r.stream = s.stream AND r.year <= a.year)
GROUP BY a.year
UNION ALL
-- C: "A reply issued in one year and dispatched in the next is shown as a note". E: "reply.returned: a timely
--    dispatch stays timely" - the first dispatch tells; those of a later reply are none of this one's.
SELECT a.year, 'dispatched_later', COUNT(*)
FROM asked a JOIN ending e ON e.year = a.year
JOIN (SELECT stream, MIN(seq) AS seq FROM seen WHERE kind = 'reply.issued' GROUP BY stream) i
  ON i.stream = e.stream AND e.by_reply
JOIN (SELECT d.stream, MIN(d.seq) AS seq FROM seen d WHERE d.kind = 'reply.dispatched' GROUP BY d.stream) f
  ON f.stream = i.stream
 AND NOT EXISTS (SELECT 1 FROM seen n WHERE n.stream = i.stream AND n.kind = 'reply.issued'
                                        AND n.seq > i.seq AND n.seq < f.seq)
JOIN seen d ON d.stream = f.stream AND d.seq = f.seq AND CAST(substr(d.occurred_on, 1, 4) AS INTEGER) > a.year
GROUP BY a.year
UNION ALL
-- C: "Handled anew after a revocation: ... sub-figure".
SELECT a.year, 'rehandled', COUNT(DISTINCT s.stream)
FROM asked a JOIN seen s ON s.kind = 'rehandling.started'
                        AND CAST(substr(s.occurred_on, 1, 4) AS INTEGER) = a.year
GROUP BY a.year
UNION ALL
-- C: "Lapsed counts with repealed, sub-figure shown".
SELECT a.year, 'lapsed_' || k.prefix, COUNT(*)
FROM asked a JOIN document_act d ON d.year = a.year AND d.act = 'document.lapsed' JOIN document_kind k USING (kind)
GROUP BY a.year, k.prefix
UNION ALL
-- C, Reporting year: "and is listed as late". (What stands above is to be read where nothing is sealed.)
SELECT a.year, 'late_receipts', COUNT(*)
FROM asked a JOIN receipt r ON r.year = a.year AND CAST(substr(r.received_on, 1, 4) AS INTEGER) < a.year
GROUP BY a.year
UNION ALL
SELECT a.year, 'late_endings', COUNT(*)
FROM asked a JOIN ending e ON e.year = a.year AND CAST(substr(e.occurred_on, 1, 4) AS INTEGER) < a.year
GROUP BY a.year;

-- === The cells ==========================================================================================

CREATE TEMP VIEW cells AS
-- L 2.2, A3: "per row: total = natural persons + five organisation columns".  C: none is written 0.
SELECT f.form, a.year, 'requests.' || n.name || '.' || c.name AS path,
       COUNT(r.stream) AS value
FROM (SELECT DISTINCT form FROM form_row) f, asked a
JOIN (SELECT form, name FROM form_row
      UNION SELECT form, x.name FROM form_row,
            (SELECT 'new' AS name UNION SELECT 'carried_in' UNION SELECT 'total' UNION SELECT 'carried_out') x
     ) n ON n.form = f.form
JOIN (SELECT name, name AS takes FROM applicant UNION ALL SELECT 'total', NULL) c
LEFT JOIN request_row r ON r.form = f.form AND r.year = a.year AND r.name = n.name
                       AND r.applicant = COALESCE(c.takes, r.applicant)
GROUP BY f.form, a.year, n.name, c.name
UNION ALL
SELECT '2021', a.year, b.block || '.' || n.name, COUNT(r.remedy)
FROM asked a
JOIN (SELECT 'reconsideration' AS block UNION SELECT 'litigation_direct'
      UNION SELECT 'litigation_after_reconsideration') b
JOIN (SELECT 'upheld' AS name UNION SELECT 'corrected' UNION SELECT 'other' UNION SELECT 'pending'
      UNION SELECT 'total') n
LEFT JOIN remedy_row r ON r.year = a.year AND r.block = b.block AND r.name = n.name
GROUP BY a.year, b.block, n.name
UNION ALL
SELECT '2021', a.year, 'proactive.' || k.prefix || x.ending, COUNT(d.thing)
FROM asked a, document_kind k, (SELECT '_made' AS ending UNION SELECT '_repealed') x
LEFT JOIN document_row d ON d.year = a.year AND d.path = k.prefix || x.ending
GROUP BY a.year, k.prefix, x.ending
UNION ALL SELECT '2021', year, 'proactive.' || path, value FROM stock_row
UNION ALL SELECT '2021', year, 'proactive.' || path, value FROM sum_row;  -- fees_fen stands for fees_wan_yuan

-- One row for each thing that a cell counts: a case, a proceeding, an act on a document.
CREATE TEMP VIEW behind AS
SELECT form, year, 'requests.' || name || '.' || applicant AS path, stream AS thing FROM request_row
UNION ALL SELECT form, year, 'requests.' || name || '.total', stream FROM request_row
UNION ALL SELECT '2021', year, block || '.' || name, remedy FROM remedy_row
UNION ALL SELECT '2021', year, 'proactive.' || path, thing FROM document_row;
