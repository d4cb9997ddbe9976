# Completion of acctsnap in bash. In ~/.bashrc:  source <(acctsnap completions bash)
_acctsnap() {
    local kind='' candidate
    COMPREPLY=()
    {
        IFS= read -r kind
        while IFS= read -r candidate; do
            COMPREPLY+=("$candidate")
        done
    } < <(acctsnap __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
    if [[ $kind == files ]]; then
        compopt -o default 2>/dev/null
    fi
}
complete -F _acctsnap acctsnap
