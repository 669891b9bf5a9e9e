#pragma once

#include <algorithm>
#include <span>
#include <string_view>

// Every word of the page, in both languages.
namespace pipeline::report::page {

struct Text {
  std::string_view key, ko, en;
};

inline constexpr Text kTexts[] = {
    // head
    {"title", "실행 보고서", "Run report"},
    {"skip", "본문으로 건너뛰기", "Skip to the report"},
    {"period", "{} – {}, 실행 {}회", "{} – {}, runs: {}"},
    {"one_day", "{}, 실행 {}회", "{}, runs: {}"},
    {"made", "{} KST에 만듦 (UTC {})", "Made {} KST ({} UTC)"},
    {"language", "언어", "Language"},
    {"theme", "색", "Colours"},
    {"theme_auto", "자동", "Auto"},
    {"theme_light", "밝게", "Light"},
    {"theme_dark", "어둡게", "Dark"},
    {"contents", "차례", "Contents"},
    {"kst", "모든 시각은 한국 표준시(KST, UTC+9)입니다.", "All times are Korea Standard Time (KST, UTC+9)."},
    {"damaged", "읽을 수 없는 줄 {}개는 뺐습니다.", "Lines that could not be read and were left out: {}."},
    {"damaged_more", "그 밖에 {}줄", "and {} more"},
    // at a glance
    {"glance", "한눈에", "At a glance"},
    {"run_ended", "마지막 실행", "Last run"},
    {"exit_0", "모두 끝남", "all done"},
    {"exit_1", "실패", "failed"},
    {"exit_2", "설정 오류", "wrong usage"},
    {"exit_3", "일부 실패", "done in part"},
    {"exit_4", "끝났으나 예산 초과", "done, over budget"},
    {"exit_75", "나중에 다시", "to be tried later"},
    {"exit_stopped", "중단됨", "interrupted"},
    {"exit_other", "종료 코드 {}", "exit code {}"},
    {"exit_unknown", "결과 알 수 없음", "outcome not known"},
    {"slower", "일의 양이 비슷한 이전 {}회의 건당 중앙값 {}보다 {} 느림",
     "{2} slower per item than the median of {0} runs before with like work, {1}"},
    {"faster", "일의 양이 비슷한 이전 {}회의 건당 중앙값 {}보다 {} 빠름",
     "{2} faster per item than the median of {0} runs before with like work, {1}"},
    {"as_usual", "일의 양이 비슷한 이전 {}회의 건당 중앙값 {}과 거의 같음",
     "close to the median per item of {} runs before with like work, {}"},
    {"few_before", "끝까지 간 이전 실행 {}회 중 일의 양이 비슷한 것 {}회: 비교하기에는 적음",
     "of {} runs before that got through, {} had like work: too few to compare with"},
    {"no_before", "비교할 이전 실행이 없음", "no run before to compare with"},
    {"no_work", "일의 양을 알 수 없어 이전 실행과 비교하지 않음",
     "how much work it had is not known, so it is not compared"},
    {"failed_before", "끝까지 가지 못한 실행이라 이전 실행과 비교하지 않음",
     "did not get through, so it is not compared"},
    {"failed_budget", "끝까지 가지 못한 실행이라 예산으로 판정하지 않음", "did not get through, so no limit is judged"},
    {"budget_kept", "예산 {}개 모두 지킴", "every limit kept ({})"},
    {"budget_over", "예산 {}개 중 {}개 초과", "limits exceeded: {1} of {0}"},
    {"budget_missing", "{}개는 잰 값이 없음", "{} not measured"},
    {"budget_none", "이 실행에 해당하는 예산 없음", "no limit applies"},
    {"trend", "전체 시간의 흐름", "the whole run over time"},
    {"runs_of", "{}회 실행", "runs: {}"},
    {"runs_failed", "{}회 실행, 그중 {}회는 끝까지 가지 못함", "runs: {}, of which {} did not get through"},
    // budget
    {"budget", "예산", "Budget"},
    {"budget_lead", "명령마다 마지막 실행을 예산과 견주었습니다.",
     "The last run of each command, held against the budget."},
    {"rule", "규칙", "Rule"},
    {"set", "묶음", "Set"},
    {"measured", "잰 값", "Measured"},
    {"limit", "한도", "Limit"},
    {"case", "조건", "Holds when"},
    {"always", "항상", "always"},
    {"verdict", "판정", "Verdict"},
    {"kept", "지킴", "kept"},
    {"over", "초과", "over"},
    {"not_applicable", "해당 없음", "does not apply"},
    {"missing", "잰 값 없음", "not measured"},
    {"failed_run", "마지막 실행이 끝까지 가지 못해 예산으로 판정하지 않았습니다.",
     "The last run did not get through, so it is not judged."},
    {"no_rules", "이 명령에는 규칙이 없습니다.", "The budget has no rule for this command."},
    // runs over time
    {"history", "실행별 추이", "Runs over time"},
    {"history_lead",
     "선은 p50, 진한 띠는 p50–p95, 옅은 띠는 p95–p99입니다. 오래 걸리는 단계가 먼저 나오며, 한 번도 돌지 않은 단계와 "
     "끝까지 가지 못한 실행은 뺐습니다.",
     "The line is p50, the darker band p50–p95, the lighter p95–p99. Stages that take most time come first; those that "
     "never ran are left out, and so are runs that did not get through."},
    {"keys", "그래프를 고르고 화살표 키를 누르면 실행을 하나씩 짚습니다.",
     "Focus a chart and press the arrow keys to walk through the runs."},
    {"by_run", "점 하나가 실행 한 번입니다.", "Each point is one run."},
    {"by_day", "실행이 많아 하루씩 묶었습니다. p50은 그날의 중앙값, p95와 p99는 가장 나쁜 값입니다.",
     "Many runs: grouped by day. p50 is the middle one of the day, p95 and p99 are the worst."},
    {"by_week", "실행이 많아 한 주씩 묶었습니다. p50은 그 주의 중앙값, p95와 p99는 가장 나쁜 값입니다.",
     "Many runs: grouped by week. p50 is the middle one of the week, p95 and p99 are the worst."},
    {"by_month", "실행이 많아 4주씩 묶었습니다. p50은 그동안의 중앙값, p95와 p99는 가장 나쁜 값입니다.",
     "Many runs: grouped by four weeks. p50 is the middle one, p95 and p99 are the worst."},
    {"latest", "최근 p50 {} · p95 {} · p99 {}", "latest p50 {} · p95 {} · p99 {}"},
    {"latest_single", "최근 {}", "latest {}"},
    {"log_scale", "로그 눈금", "log scale"},
    {"off_chart", "한도는 훨씬 위: {}", "Limit far above: {}"},
    {"as_table", "표로 보기", "As a table"},
    {"time", "시각", "Time"},
    {"runs", "실행", "Runs"},
    {"count", "횟수", "Count"},
    {"highest", "최대", "Max"},
    {"chart_desc", "실행에 따른 시간의 흐름: p50, p95, p99", "Times over the runs: p50, p95 and p99"},
    // timeline
    {"timeline", "마지막 실행의 시간표", "The last run, stage by stage"},
    {"timeline_lead", "높이는 그 순간에 동시에 진행 중이던 작업의 수이며, 줄마다 자신의 최대에 맞추었습니다.",
     "The height is how many were under way at that moment, each lane to its own peak."},
    {"timeline_of", "{}에 시작 · {} 동안 · 한 칸 {}", "began {} · took {} · a slot is {}"},
    {"no_samples", "이 실행의 표본 파일이 없습니다(--no-samples로 돌렸거나 지웠음). 그래서 시간표가 없습니다.",
     "There is no samples file of this run (it ran with --no-samples, or the file was removed), so there is no "
     "timeline."},
    {"bad_samples", "이 실행의 표본 파일을 읽을 수 없어 시간표가 없습니다: {}",
     "The samples file of this run can't be read, so there is no timeline: {}"},
    {"peak", "최대 {}", "peak {}"},
    {"stage", "단계", "Stage"},
    {"first_start", "첫 시작", "First start"},
    {"last_end", "마지막 끝", "Last end"},
    {"peak_head", "동시 최대", "Peak at once"},
    {"total_time", "합계", "Total"},
    {"timeline_desc", "시작부터의 시간에 따른 단계별 동시 작업 수",
     "How many of each stage were under way, over the run"},
    // slowest
    {"slowest", "가장 느린 상품과 글", "Slowest products and posts"},
    {"slowest_lead", "마지막 실행에서 단계마다 오래 걸린 열 건입니다.",
     "The ten that took longest in each stage of the last run."},
    {"post", "글", "Post"},
    {"sku", "SKU", "SKU"},
    {"name", "상품명", "Product"},
    {"took", "걸린 시간", "Took"},
    {"share", "단계 합계에서의 몫", "Share of the stage"},
    {"no_slowest", "마지막 실행의 표본에 상품이나 글이 없습니다.",
     "The samples of the last runs name no product and no post."},
    {"of_count", "{}건 가운데", "of {}"},
    // errors
    {"errors", "오류와 재시도", "Errors and retries"},
    {"errors_lead", "막대는 기간 전체의 합계입니다.", "The bars show the whole period."},
    {"kind", "종류", "Kind"},
    {"in_last", "마지막 실행", "Last run"},
    {"in_period", "기간 합계", "Period"},
    {"in_runs", "겪은 실행", "Runs affected"},
    {"no_errors", "이 기간에 기록된 오류도 재시도도 없습니다.", "No error and no retry was recorded in this period."},
    {"e_api", "API 응답 {}", "API answer {}"},
    {"e_fault", "연결 실패", "Connection faults"},
    {"e_429", "429 거절", "429 refusals"},
    {"e_retry", "재시도", "Retries"},
    {"e_rows", "거절된 행", "Rejected rows"},
    {"e_rejected", "거절된 글", "Rejected posts"},
    {"e_failed", "실패한 글", "Failed posts"},
    {"e_video", "시간을 넘긴 동영상", "Video timeouts"},
    {"e_conflict", "데이터베이스 잠금 대기", "Waits for a locked database"},
    {"e_lost", "잃은 표본", "Samples lost"},
    // machine
    {"machine", "기계", "The machine"},
    {"machine_lead", "이 보고서를 만든 기계입니다.", "The machine this report was made on."},
    {"processor", "프로세서", "Processor"},
    {"cores", "코어", "Cores"},
    {"memory", "메모리", "Memory"},
    {"file_system", "측정값의 파일 시스템", "File system of the measurements"},
    {"kernel", "커널", "Kernel"},
    {"program", "프로그램", "Program"},
    {"libraries", "라이브러리", "Libraries"},
    // commands
    {"sync", "스토어 동기화", "Store sync"},
    {"upsert", "상품 파일 반영", "Product files"},
    {"package", "글 패키지", "Post packages"},
    // durations of a minute and more
    {"minutes", "{}분 {:02}초", "{} min {:02} s"},
    {"whole_minutes", "{}분", "{} min"},
    {"hours", "{}시간 {:02}분", "{} h {:02} min"},
    {"whole_hours", "{}시간", "{} h"},
};

// What a stage is called; the metric's own name stands beside it.
inline constexpr Text kStages[] = {
    {"sync_total_seconds", "전체", "Whole run"},
    {"upsert_total_seconds", "전체", "Whole run"},
    {"package_total_seconds", "전체", "Whole run"},
    {"token_fetch_seconds", "토큰 받기", "Token"},
    {"list_fetch_seconds", "목록 받기", "List pages"},
    {"list_parse_seconds", "목록 읽기", "Reading the list"},
    {"list_compare_seconds", "목록 비교", "Comparing the list"},
    {"detail_fetch_seconds", "상세 받기", "Details"},
    {"detail_parse_seconds", "상세 읽기", "Reading details"},
    {"pace_wait_seconds", "속도 맞추기", "Waiting for the pace"},
    {"rows_read_seconds", "행 읽기", "Reading rows"},
    {"rows_parse_seconds", "행 해석", "Parsing rows"},
    {"db_txn_seconds", "트랜잭션", "Transactions"},
    {"db_upsert_seconds", "상품 쓰기", "Writing products"},
    {"db_lock_wait_seconds", "잠금 대기", "Waiting for the lock"},
    {"package_build_seconds", "글 하나 만들기", "Building a post"},
    {"package_check_seconds", "글 확인", "Checking a post"},
    {"image_read_seconds", "사진 읽기", "Reading pictures"},
    {"image_hash_seconds", "사진 살펴보기", "Examining pictures"},
    {"image_copy_seconds", "사진 담기", "Storing pictures"},
    {"keyframe_extract_seconds", "동영상 장면", "Keyframes"},
    {"zip_seconds", "압축 파일 마무리", "Finishing the zips"},
};

[[nodiscard]] inline constexpr const Text* find_text(std::span<const Text> all, std::string_view key) {
  const auto found = std::ranges::find(all, key, &Text::key);
  return found == all.end() ? nullptr : &*found;
}

// A key that is not there does not compile.
[[nodiscard]] consteval const Text& text(std::string_view key) {
  return *find_text(kTexts, key);
}

}  // namespace pipeline::report::page
